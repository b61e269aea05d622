"""Notes the optimizers that a loop makes while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from torch.optim import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.probes.recording.log import Log


@contextmanager
def noted_makers(log: Log) -> Iterator[None]:
    """Record the making of every optimizer while this lasts."""
    original = Optimizer.__init__

    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        log.add("made")

    Optimizer.__init__ = noted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Optimizer.__init__ = original  # type: ignore[method-assign]
