"""Notes what an evaluation shows its model, in which state, and what else it touches."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim.optimizer import register_optimizer_step_pre_hook

from grader.probes.recording.rows import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from torch import nn

# Who shows a model one image at a time calls it a thousand times.
_MAX_CALLS = 2500
_MAX_ROWS = 4096


class CallRecord:
    """What is noted of one call of the function."""

    def __init__(self, sizes: list[int], projection: np.ndarray) -> None:
        """Take the batches' sizes, and the factors (D,) that tell rows apart."""
        self.sizes = sizes
        self.calls: list[dict[str, Any]] = []
        self.batch = -1
        self.drawn = self.called = 0
        self.decoy_model = self.decoy_batches = self.others = self.steps = 0
        self.decoy_switched = False
        # Whether all that a model was shown that is told its scores were the batches as they are.
        self.as_batches = True
        self._projection = torch.from_numpy(projection).float()
        self._ahead = False
        # While the function runs, the global model that it found in train mode.
        self._running = False
        self._decoy: nn.Module | None = None

    def __deepcopy__(self, _memo: object) -> CallRecord:
        """Return these notes: a copy of a model tells its calls like the model itself."""
        return self

    @contextmanager
    def running(self, model: nn.Module, decoy: nn.Module) -> Iterator[None]:
        """Note, while this lasts, what is no business of an evaluation's.

        What other lines of the notebook read and call is theirs to use.
        """
        known = {id(layer) for one in (model, decoy) for layer in one.modules()}

        def called(other: nn.Module, _inputs: object) -> None:
            self.others += id(other) not in known and any(True for _ in other.parameters())

        def stepped(*_args: object) -> None:
            self.steps += 1

        hooks = [
            register_module_forward_pre_hook(called),
            register_optimizer_step_pre_hook(stepped),
        ]
        self._running, self._decoy = True, decoy if decoy.training else None
        try:
            yield
        finally:
            self._running = False
            for hook in hooks:
                hook.remove()

    def on_batch(self, number: int) -> None:
        """Note that a batch is handed out."""
        self.batch = number
        self.drawn += 1

    def on_decoy_model(self, *_call: object) -> None:
        """Note a call of the notebook's global model."""
        self.decoy_model += self._running

    def on_decoy_batches(self) -> None:
        """Note that the notebook's global batches are read."""
        self.decoy_batches += self._running

    def on_call(self, inputs: Any, model: nn.Module) -> None:
        """Note a call of the model, or of its first layer."""
        batch = self.current(inputs)
        if self._decoy is not None and not self._decoy.training:
            self.decoy_switched = True
        if len(self.calls) < _MAX_CALLS:
            self.calls.append(
                {
                    **_described(inputs, self._projection),
                    "batch": batch,
                    "training": model.training,
                    "layers_training": any(layer.training for layer in model.children()),
                    "gradients": torch.is_grad_enabled(),
                }
            )

    def current(self, inputs: Any) -> int:
        """Return the batch that a call is about: the one drawn last, or the next of a list."""
        last = len(self.sizes) - 1
        if not self.called and 0 < last == self.batch:
            rows = inputs.shape[0] if isinstance(inputs, torch.Tensor) and inputs.dim() else None
            self._ahead = rows != self.sizes[last]
        self.called += 1
        return (self.called - 1) % len(self.sizes) if self._ahead else max(self.batch, 0)

    def to_plain(self) -> dict[str, Any]:
        """Return what is reported."""
        return {
            "calls": self.calls,
            "called": self.called,
            "as_batches": self.as_batches,
            "drawn": self.drawn,
            "batch": self.batch,
            "decoy_model": self.decoy_model,
            "decoy_batches": self.decoy_batches,
            "decoy_switched": self.decoy_switched,
            "others": self.others,
            "steps": self.steps,
        }


def _described(inputs: Any, projection: torch.Tensor) -> dict[str, Any]:
    """Describe what the model was shown: its shape, and one number a row that tells rows apart."""
    if not isinstance(inputs, torch.Tensor):
        return {"type": type(inputs).__name__[:60], "shape": None, "rows": None}
    rows = numbers(inputs, projection)
    if rows is not None and len(rows) > _MAX_ROWS:
        rows = None
    return {
        "type": "Tensor",
        "shape": list(inputs.shape)[:8],
        "rows": None if rows is None else rows.numpy(),
    }


def state_of(model: nn.Module) -> dict[str, tuple[torch.Tensor, bool]]:
    """Return copies of a model's parameters, and whether each of them can learn."""
    return {
        name: (value.detach().clone(), value.requires_grad)
        for name, value in model.named_parameters()
    }


def changed(before: dict[str, tuple[torch.Tensor, bool]], model: nn.Module) -> str:
    """Name what is no longer as it was: "values", "kind" of number, "learning", or nothing."""
    after = dict(model.named_parameters())
    if list(before) != list(after):
        return "values"
    pairs = [(was, learns, after[name]) for name, (was, learns) in before.items()]
    if any(was.dtype != now.dtype for was, _, now in pairs):
        return "kind"
    if not all(torch.equal(was, now.to(was.device)) for was, _, now in pairs):
        return "values"
    return "learning" if any(learns != now.requires_grad for _, learns, now in pairs) else ""
