"""Gives each model that a loop trains its batches once, and lets the loop come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.probes.doubles.batches import NoBatchesError
from grader.probes.environment.running import Enough

if TYPE_CHECKING:
    from grader.probes.recording.last_change import LastChange
    from grader.probes.recording.trained_models import TrainedModels

# A loop that never makes a step must end too: after so many passes, or so many complete ones.
_MOST_PASSES = 40
_MOST_WHOLE = 2
# One that has trained goes on without batches, and is ended where it takes longer than this.
_MOST_AFTER = 30
# In so many further passes it gets a few batches, to show what it does with what it has learned:
# one that is trained on, in every third pass two, or so many where none is.
_MOST_FURTHER = 12
_FEW_IDLE = 8
_SEVERAL = 2


class LoopBudget:
    """How many batches the loop took, and whether there is still a model to train.

    After a pass that trains, the next ones have a few batches, so that what follows the training is
    seen. Where there are several models, these show whose turn it is.
    """

    def __init__(self, most: int) -> None:
        """Give each model ``most`` batches."""
        self.most = most
        self.steps = self.after = self._further = 0
        self._passes = self._whole = 0
        self._models: TrainedModels | None = None
        self._tail: LastChange | None = None

    def begin(self, models: TrainedModels, tail: LastChange) -> None:
        """Count from here on: code before the loop may look at a batch."""
        self._models, self._tail = models, tail

    @property
    def taken(self) -> int:
        """The batches that were taken of those that are given."""
        return min(self.steps, self.most)

    def on_start(self) -> None:
        """Begin a pass; an evaluation of the student's own makes one too, without gradients."""
        models = self._models
        if models is None or not torch.is_grad_enabled():
            return
        if not models.stepped:
            self._whole += self.steps >= self.most
            self._passes += 1
            if self._whole >= _MOST_WHOLE or self._passes > _MOST_PASSES:
                raise Enough
            self.steps = 0
            return
        self.on_end()
        self.after += 1
        self._further = 0
        if self.after > _MOST_AFTER:
            raise Enough
        if self.after > _MOST_FURTHER and models.all_had_theirs():
            raise NoBatchesError

    def on_batch(self, _number: int) -> None:
        """Count a batch; a model that had its own gets no further one."""
        if torch.is_grad_enabled():
            if self.after and self._models is not None:
                self._further += 1
                trained = 2 if self.after % 3 == 1 else 1
                most = trained if self._models.again() else _FEW_IDLE
                had = self._models.again() or self._models.all_had_theirs()
                if had and self._further > most:
                    raise NoBatchesError
            self.steps += 1

    def on_end(self) -> None:
        """End a pass that trained."""
        models, tail = self._models, self._tail
        if models is not None and tail is not None and models.stepped and torch.is_grad_enabled():
            models.end_pass()
            tail.begin()

    def unknown(self, *_given: Any, **_named: Any) -> float:
        """Return what stands in for the result where the judge's data have no labels."""
        return 0.5

    def accuracy(self, known: Any, model: Any = None, *_more: Any) -> float:
        """Return what stands in for an evaluation's result.

        Which of several models is the best may decide which one is kept.
        """
        models = self._models
        if models is None or len(models.made) < _SEVERAL or models.of(model) is None:
            return 0.5
        with torch.no_grad():
            right = model(known[0].flatten(1)).argmax(dim=1) == known[1]
        return float(right.float().mean())
