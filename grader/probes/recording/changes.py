"""Finds the lines of a loop that change parameters, gradients or settings by themselves."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from grader.probes.environment.lines import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from torch import nn

    from grader.probes.recording.log import Log

_MOST = 20


class ParameterChanges:
    """What was changed in which line, outside of backward, step and zero_grad."""

    def __init__(self, model: nn.Module, optimizers: list[Any]) -> None:
        self.parameters = list(model.parameters())
        self.optimizers = optimizers
        self.found: list[dict[str, Any]] = []
        self.last = self._now()
        self.line: list[int] = []

    def settle(self) -> None:
        """Take what a recorded call has changed as seen."""
        self.last = self._now()

    def look(self, frame: Any, event: str, _arg: Any) -> Any:
        """Compare at each line of student code; what changed was done by the line before."""
        entry = entry_of(frame.f_code.co_filename)
        if entry is None:
            return None
        if event in ("line", "return"):
            now = self._now()
            for what, value in now.items():
                if value != self.last[what] and self.line and len(self.found) < _MOST:
                    self.found.append({"what": what, "at": self.line})
            self.last = now
        self.line = [entry, frame.f_lineno]
        return self.look

    def _now(self) -> dict[str, Any]:
        groups = [group for optimizer in self.optimizers for group in optimizer.param_groups]
        return {
            "parameters": [_print(p) for p in self.parameters],
            "gradients": [None if p.grad is None else _print(p.grad) for p in self.parameters],
            "settings": [(float(g.get("lr", 0)), bool(g.get("maximize"))) for g in groups],
        }


def _print(values: torch.Tensor) -> tuple[float, float]:
    wide = values.detach().double()
    return float(wide.sum()), float(wide.abs().sum())


@contextmanager
def traced(model: nn.Module, optimizers: list[Any], log: Log) -> Iterator[ParameterChanges]:
    """Watch every line that runs while this lasts; this is slow, so only a few batches should."""
    changes = ParameterChanges(model, optimizers)
    log.settled = changes.settle
    before = sys.gettrace()
    sys.settrace(changes.look)
    try:
        yield changes
    finally:
        sys.settrace(before)
