"""The order of one worker process; only that process decodes it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.sandbox import wire
from grader.sandbox.model import Caps

if TYPE_CHECKING:
    from grader.sandbox.shared_input import SharedInput


@dataclass(frozen=True)
class Order:
    """One request, its tasks in order, the process's scratch folder, layers and caps.

    No task is performed without the layers in ``needed``: what protected the first process must
    protect all others. ``cuda`` and ``shared`` are the job's; a forked process reads ``shared``
    from a separate file. ``cpu_seconds`` holds each task's own limit, or None.
    """

    token: bytes
    request: dict[str, Any]
    tasks: tuple[str, ...]
    layers: tuple[str, ...]
    caps: Caps
    needed: tuple[str, ...] = ()
    cuda: bool | None = None
    scratch: str = ""
    shared: SharedInput | None = None
    cpu_seconds: tuple[float | None, ...] = ()

    def encode(self, *, whole: bool = True) -> bytes:
        """Return the order as bytes, with the shared input only if ``whole``."""
        shared = self.shared.value if whole and self.shared is not None else {}
        return wire.encode(
            {
                "token": self.token.hex(),
                "request": {**self.request, **shared},
                "tasks": self.tasks,
                "layers": self.layers,
                "caps": dataclasses.asdict(self.caps),
                "needed": self.needed,
                "cuda": self.cuda,
                "scratch": self.scratch,
                "cpu_seconds": self.cpu_seconds,
            }
        )

    @classmethod
    def decode(cls, data: bytes, shared: dict[str, Any] | None = None) -> Order:
        """Return the order that ``encode`` wrote; ``shared`` is the part it left out."""
        fields = wire.decode(data, wire.TRUSTED)
        return cls(
            token=bytes.fromhex(fields["token"]),
            request={**fields["request"], **(shared or {})},
            tasks=tuple(fields["tasks"]),
            layers=tuple(fields["layers"]),
            caps=Caps(**fields["caps"]),
            needed=tuple(fields["needed"]),
            cuda=fields["cuda"],
            scratch=fields["scratch"],
            cpu_seconds=tuple(fields["cpu_seconds"]),
        )
