"""What a training loop did, in order, with the numbers and the lines that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.probes.environment.lines import student_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from torch import nn


class Log:
    """The events of a run, the parameters at each batch, and a row of numbers for each step.

    A row holds the gradient that backward ``fresh``ly computed and the one that the step ``used``,
    the gradients at the scores behind it, the optimizers' class and settings, and a number that
    tells optimizers apart.
    """

    def __init__(self, most: int, lit: np.ndarray, most_events: int = 400) -> None:
        """Keep at most ``most`` rows, of ``lit`` pixels only, and ``most_events``."""
        self.most, self.most_events = most, most_events
        self.lit = torch.from_numpy(lit.copy())
        self.muted = False
        self.precision = ""
        self.events: list[list[Any]] = []
        self.states: list[np.ndarray] = []
        self.at_forward: list[np.ndarray] = []
        self.fresh: list[np.ndarray] = []
        self.used: list[np.ndarray] = []
        self.scores: list[np.ndarray] = []
        # What the model was given, where that is asked for, and whether it is not the images.
        self.inputs: list[np.ndarray] | None = None
        self.altered = False
        # Which image each row of the first pass is.
        self.first_rows: list[int] = []
        self.rules: list[str] = []
        self.settings: list[dict[str, float]] = []
        self.makers: list[int] = []
        self.last: np.ndarray | None = None
        # Called when a recorded call has changed gradients or parameters.
        self.settled: Callable[[], None] = lambda: None

    def add(self, *event: Any, at: list[int] | None = None) -> None:
        """Record an event: its name, its flags and names, and the line that led to it.

        That is the line which is being run, or the one ``at`` which the reason lies.
        """
        if len(self.events) < self.most_events and not self.muted:
            self.events.append([*event, *marked(at or student_line())])

    def forward(self, model: nn.Module) -> None:
        """Record a forward pass; with gradients on it may be the first use of a batch."""
        gradients = torch.is_grad_enabled()
        self.add("forward", model.training, gradients)
        if gradients and not self.muted and len(self.at_forward) < self.most_events:
            # Nothing is computed anew: the parameters were seen after the step before.
            seen = self.last if self.last is not None else self.flat(model.parameters())
            self.at_forward.append(seen)
            self.precision = self.precision or _lower_precision()

    def see(self, model: nn.Module) -> np.ndarray:
        """Return the model's parameters; record it where they changed since they were last seen."""
        now = self.flat(model.parameters())
        if self.last is not None and now.tobytes() != self.last.tobytes():
            self.add("changed")
        self.last = now
        return now

    def cut(self, steps: int) -> None:
        """Keep the rows of the first ``steps`` steps only."""
        for noted in (self.fresh, self.used, self.scores, self.rules, self.settings, self.makers):
            del noted[steps:]
        if self.inputs is not None:
            del self.inputs[steps:]

    def flat(self, pieces: Iterable[torch.Tensor]) -> np.ndarray:
        """Return a model's parameters, or their gradients, one after another: float32, (P,).

        The first layer's weights come first, without those of pixels that are never lit.
        """
        first, *rest = (piece.detach() for piece in pieces)
        whole = [first[:, self.lit].reshape(-1), *(piece.reshape(-1) for piece in rest)]
        result: np.ndarray = torch.cat(whole).to("cpu", torch.float32).numpy()
        return result


def _lower_precision() -> str:
    """Return the type that autocast computes in on the CPU, an empty text where it is off."""
    kind = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else None
    return "" if kind is None else str(kind).removeprefix("torch.")[:20]


def marked(line: list[int] | None) -> list[str]:
    """Return a line of student code as the last item of an event."""
    return [] if line is None else [f"@{line[0]}:{line[1]}"]


def lines_of(event: list[Any]) -> list[int]:
    """Return the line that is the last item of an event, an empty list where it has none."""
    text = str(event[-1])
    return [int(part) for part in text[1:].split(":")] if text.startswith("@") else []
