"""Finds the batch that a loop was training on when an exception ended it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.probes.environment.lines import student_line
from grader.probes.recording.passes import training_passes

if TYPE_CHECKING:
    from grader.probes.doubles.batches import Batches
    from grader.probes.recording.log import Log


class UnderWay:
    """The last batch that was drawn: its pass, its number, and the line that drew it.

    An evaluation of the student's own draws batches too. Its line is told from the training's
    because no step followed any batch that it drew.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.trained = 0
        self.number = 0
        self.drawn_at = 0
        self.line: list[int] | None = None
        self.training_lines: list[list[int] | None] = []

    def starts(self) -> None:
        """Record the beginning of a pass."""
        self.trained = len(training_passes(self.log.events))

    def draws(self, number: int) -> None:
        """Record that a batch is drawn, its number counted from 0."""
        if self._stepped() and self.line not in self.training_lines:
            self.training_lines.append(self.line)
        self.number, self.drawn_at, self.line = number + 1, len(self.log.events), student_line()

    def when_stopped(self, batches: Batches) -> list[int]:
        """Return the number of the pass and that of the batch in it, both from 1, or an empty list.

        It is empty where the pass had ended or the batch's step was made: what failed then is no
        part of the training.
        """
        if self.number == 0 or self._stepped() or batches.ended == batches.begun:
            return []
        if self.training_lines and self.line not in self.training_lines:
            return []
        return [self.trained + 1, self.number]

    def _stepped(self) -> bool:
        return any(event[0] == "step" for event in self.log.events[self.drawn_at :])
