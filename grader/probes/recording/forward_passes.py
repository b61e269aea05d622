"""Keeps what a loop hands to the model, and the gradients that come back to its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from grader.probes.doubles.trained_on import TrainedOn
    from grader.probes.recording.log import Log
    from grader.probes.recording.rows import KnownRows

# The first forward passes show whether a loop alters the inputs.
_LOOKED_AT = 3


class ForwardPasses:
    """The forward passes since the last step that lead to a gradient.

    A loop may hand a batch to the model in several parts, and the losses of these depend on all.
    """

    def __init__(self, log: Log, form: TrainedOn, known: KnownRows) -> None:
        self.log, self.form, self.known = log, form, known
        self.number = 0
        self.scores: dict[int, torch.Tensor] = {}
        self.inputs: dict[int, torch.Tensor] = {}

    def note(self, inputs: Any, output: Any) -> None:
        """Keep the inputs of a pass, and the gradient at its scores once one is computed."""
        if not (isinstance(output, torch.Tensor) and output.requires_grad):
            return
        self.number += 1
        number = self.number
        rows = self.form.rows(inputs)
        if rows is not None:
            if number <= _LOOKED_AT:
                self._look(rows, first=number == 1)
            if self.log.inputs is not None:
                self.inputs[number] = rows.clone()

        def at_scores(gradient: torch.Tensor) -> None:
            if not self.log.muted:
                add_to(self.scores, number, self.form.errors(gradient))

        output.register_hook(at_scores)

    def _look(self, rows: torch.Tensor, *, first: bool) -> None:
        """Note whether the rows are images, and of the first pass which ones."""
        places = self.known.places(rows)
        if places is None:
            self.log.altered = True
        elif first:
            self.log.first_rows = places.tolist()

    def flush(self, scale: float) -> None:
        """Append to the log the gradients at the scores of all passes, one below the other."""
        used = sorted(self.scores)
        self.log.scores.append(_stacked([self.scores[number] for number in used]) / scale)
        if self.log.inputs is not None:
            given = [self.inputs[number] for number in used if number in self.inputs]
            self.log.inputs.append(_stacked(given))
        self.clear()

    def clear(self) -> None:
        """Forget the passes, as after a step."""
        self.scores.clear()
        self.inputs.clear()


def add_to(kept: dict[int, torch.Tensor], number: int, gradient: torch.Tensor) -> None:
    """Add a gradient to those that earlier backward passes brought to the same place."""
    before, now = kept.get(number), gradient.detach()
    kept[number] = now.clone() if before is None else before + now


def _stacked(parts: list[torch.Tensor]) -> np.ndarray:
    if not parts or len({part.shape[1:] for part in parts}) > 1 or parts[0].dim() != 2:
        return np.zeros((0, 0), np.float32)
    rows: np.ndarray = torch.cat([part.to("cpu", torch.float32) for part in parts]).numpy()
    return rows
