"""What one worker process is told: only that process ever reads it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.sandbox import wire
from grader.sandbox.model import Caps

if TYPE_CHECKING:
    from grader.sandbox.shared_input import Common


@dataclass(frozen=True)
class Order:
    """One request, its tasks in order, the process's scratch folder, layers and caps.

    Without the layers in ``needed`` no task is performed: what protected the first process must
    protect every other. ``cuda`` is a job's. ``common`` belongs to the request; a forked process
    has it from a file of its own. ``cpu_seconds`` is each task's own limit, None for one that has
    none.
    """

    token: bytes
    request: dict[str, Any]
    tasks: tuple[str, ...]
    layers: tuple[str, ...]
    caps: Caps
    needed: tuple[str, ...] = ()
    cuda: bool | None = None
    scratch: str = ""
    common: Common | None = None
    cpu_seconds: tuple[float | None, ...] = ()

    def encode(self, *, whole: bool = True) -> bytes:
        """Return the order as bytes, without what is common unless it is to be ``whole``."""
        common = self.common.value if whole and self.common is not None else {}
        return wire.encode(
            {
                "token": self.token.hex(),
                "request": {**self.request, **common},
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
    def decode(cls, data: bytes, common: dict[str, Any] | None = None) -> Order:
        """Return the order that ``encode`` wrote, with what was not in it."""
        fields = wire.decode(data, wire.TRUSTED)
        return cls(
            token=bytes.fromhex(fields["token"]),
            request={**fields["request"], **(common or {})},
            tasks=tuple(fields["tasks"]),
            layers=tuple(fields["layers"]),
            caps=Caps(**fields["caps"]),
            needed=tuple(fields["needed"]),
            cuda=fields["cuda"],
            scratch=fields["scratch"],
            cpu_seconds=tuple(fields["cpu_seconds"]),
        )
