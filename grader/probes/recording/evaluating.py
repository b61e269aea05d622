"""Records what an evaluation calls its model with, in which mode, and what else it uses."""

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

# One image at a time makes more than a thousand calls.
_MAX_CALLS = 2500
_MAX_ROWS = 4096


class CallRecord:
    """What is recorded of one call of the function."""

    def __init__(self, sizes: list[int], projection: np.ndarray) -> None:
        """Take the batches' sizes, and the factors (D,) that make one number of a row."""
        self.sizes = sizes
        self.calls: list[dict[str, Any]] = []
        self.batch = -1
        self.drawn = self.called = 0
        self.decoy_model = self.decoy_batches = self.others = self.steps = 0
        self.decoy_switched = False
        # Whether a model that is told its scores was called with the batches as they are.
        self.as_batches = True
        self._projection = torch.from_numpy(projection).float()
        self._ahead = False
        # Whether the function runs, and the global model if that was in train mode before.
        self._running = False
        self._decoy: nn.Module | None = None

    def __deepcopy__(self, _memo: object) -> CallRecord:
        """Return this record itself: a copy of a model records its calls here, too."""
        return self

    @contextmanager
    def running(self, model: nn.Module, decoy: nn.Module) -> Iterator[None]:
        """Record calls of other models and optimizer steps while this lasts.

        Other lines of the notebook may use what they like.
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
        """Record that a batch is drawn."""
        self.batch = number
        self.drawn += 1

    def on_decoy_model(self, *_call: object) -> None:
        """Record a call of the notebook's global model."""
        self.decoy_model += self._running

    def on_decoy_batches(self) -> None:
        """Record that the notebook's global batches are read."""
        self.decoy_batches += self._running

    def on_call(self, inputs: Any, model: nn.Module) -> None:
        """Record a call of the model, or of its first layer."""
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
        """Return the batch of a call: the last one drawn, or the next, if all were drawn before."""
        last = len(self.sizes) - 1
        if not self.called and 0 < last == self.batch:
            rows = inputs.shape[0] if isinstance(inputs, torch.Tensor) and inputs.dim() else None
            self._ahead = rows != self.sizes[last]
        self.called += 1
        return (self.called - 1) % len(self.sizes) if self._ahead else max(self.batch, 0)

    def to_plain(self) -> dict[str, Any]:
        """Return the record as plain data and arrays."""
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
    """Return type and shape of a model's input, and one number for each of its rows."""
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
    """Return copies of a model's parameters, each with its ``requires_grad``."""
    return {
        name: (value.detach().clone(), value.requires_grad)
        for name, value in model.named_parameters()
    }


def changed(before: dict[str, tuple[torch.Tensor, bool]], model: nn.Module) -> str:
    """Return what changed: "values", "kind" (dtype), "learning" (``requires_grad``), or ""."""
    after = dict(model.named_parameters())
    if list(before) != list(after):
        return "values"
    pairs = [(was, learns, after[name]) for name, (was, learns) in before.items()]
    if any(was.dtype != now.dtype for was, _, now in pairs):
        return "kind"
    if not all(torch.equal(was, now.to(was.device)) for was, _, now in pairs):
        return "values"
    return "learning" if any(learns != now.requires_grad for _, learns, now in pairs) else ""
