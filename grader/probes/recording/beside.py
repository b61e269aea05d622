"""The models that a loop makes, or copies, beside the one whose training is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.probes.doubles.stand_ins import StandInModel
from grader.probes.doubles.trained_on import trained_on
from grader.probes.environment.lines import student_line

if TYPE_CHECKING:
    from torch import nn

    from grader.probes.recording.log import Log
    from grader.probes.recording.watching import Watch


def anew(model: StandInModel, log: Log, challenge: dict[str, Any], *, beside: bool) -> StandInModel:
    """Return the judge's model to a loop that builds its own, so that it is watched all the same.

    A loop that builds another one after it has begun to train starts anew, if it uses that one. Of
    a model made ``beside`` the trained one only its use is noted.
    """
    if not beside and not _trains(log):
        return model

    made = student_line()

    def used(other: nn.Module) -> None:
        log.add("reset", at=made)
        log.forward(other)

    def used_beside(_other: nn.Module) -> None:
        if torch.is_grad_enabled():
            log.add("other")

    return _other(challenge, used_beside if beside else used)


class Copies:
    """The copies of the judge's model that a loop makes with ``copy.deepcopy``.

    Of those that are made before the training one may be what the loop trains: it is then watched
    instead. Its optimizer has to be made for it: the notebook's own does not move it.
    """

    def __init__(self, model: StandInModel, log: Log, challenge: dict[str, Any]) -> None:
        self.log, self.challenge = log, challenge
        self.watch: Watch | None = None
        model.on_copy = self.copy

    def copy(self, model: StandInModel) -> StandInModel:
        """Return a copy of a model."""
        made, late = student_line(), _trains(self.log)
        copied = _other(self.challenge, lambda one: self._used(one, made, late=late))
        with torch.no_grad():
            for mine, other in zip(copied.parameters(), model.parameters(), strict=True):
                mine.copy_(other)
        copied.lender, copied.on_copy = model.lender, self.copy
        if self.watch is not None and not late:
            self.watch.look_at(copied)
        return copied

    def _used(self, copied: nn.Module, made: list[int] | None, *, late: bool) -> None:
        if not torch.is_grad_enabled() or self.watch is None:
            return
        if not late and self.watch.model is not copied and not _trains(self.log):
            self.watch.turn_to(copied)
            self.log.add("copy", at=made)
        if self.watch.model is copied:
            self.log.forward(copied)
        else:
            self.log.add("other", at=made)


def _other(challenge: dict[str, Any], on_forward: Any) -> StandInModel:
    return StandInModel(challenge, on_forward, lambda: None, trained_on(challenge))


def _trains(log: Log) -> bool:
    return any(event[0] == "backward" for event in log.events)
