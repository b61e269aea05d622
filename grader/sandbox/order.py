"""What one worker process is told: only that process ever reads it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from grader.sandbox import wire
from grader.sandbox.model import Caps


@dataclass(frozen=True)
class Order:
    """One request, its tasks in order, the process's scratch folder, layers and caps.

    Without the layers in ``needed`` no task is performed: what protected the first process must
    protect every other. ``cuda`` is a job's.
    """

    token: bytes
    request: dict[str, Any]
    tasks: tuple[str, ...]
    layers: tuple[str, ...]
    caps: Caps
    needed: tuple[str, ...] = ()
    cuda: bool | None = None
    scratch: str = ""

    def encode(self) -> bytes:
        """Return the order as bytes."""
        return wire.encode(
            {
                "token": self.token.hex(),
                "request": self.request,
                "tasks": self.tasks,
                "layers": self.layers,
                "caps": dataclasses.asdict(self.caps),
                "needed": self.needed,
                "cuda": self.cuda,
                "scratch": self.scratch,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Order:
        """Return the order that ``encode`` wrote."""
        fields = wire.decode(data, wire.TRUSTED)
        return cls(
            token=bytes.fromhex(fields["token"]),
            request=fields["request"],
            tasks=tuple(fields["tasks"]),
            layers=tuple(fields["layers"]),
            caps=Caps(**fields["caps"]),
            needed=tuple(fields["needed"]),
            cuda=fields["cuda"],
            scratch=fields["scratch"],
        )
