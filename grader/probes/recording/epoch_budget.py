"""Ends a loop that is watched after so many epochs, or batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.probes.environment.running import Enough
from grader.probes.recording.passes import fetched_early, training_passes

if TYPE_CHECKING:
    from grader.probes.recording.log import Log


class EpochBudget:
    """How many passes train, and how many batches where that is not 0.

    A batch that is fetched early may be the first of one more pass.
    """

    def __init__(self, log: Log, epochs: int, batches: int = 0) -> None:
        self.log, self.epochs, self.batches = log, epochs, batches
        self.drawn, self.spent = 0, False

    def on_start(self) -> None:
        """Begin a pass, if there is still one to train in."""
        if len(training_passes(self.log.events)) < self.epochs:
            return
        # The last batch may still be at work when the one after it is fetched.
        if self.spent or not fetched_early(self.log.events):
            raise Enough
        self.spent = True

    def on_batch(self, number: int) -> None:
        """Draw a batch, counted from 0 in its pass."""
        self.drawn += 1
        if (self.spent and number) or 0 < self.batches < self.drawn:
            raise Enough
