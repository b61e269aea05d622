"""Records what an evaluation calls its model with, in which mode, and what else it uses."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim.optimizer import register_optimizer_step_pre_hook

from grader.probes.environment.lines import student_line
from grader.probes.environment.transforms import behind_transforms
from grader.probes.recording.rows import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from torch import nn

# One image at a time makes more than a thousand calls.
_MAX_CALLS = 2500
_MAX_ROWS = 4096
_MAX_MODES = 40
_ROUGH = (torch.bfloat16, torch.float16)


class CallRecord:
    """What is recorded of one call of the function."""

    def __init__(self, sizes: list[int], projection: np.ndarray, most: int = _MAX_CALLS) -> None:
        """Take the batches' sizes, and the factors (D,) that make one number of a row.

        Of the calls at most the first ``most`` are recorded, and those in another mode than the
        last one recorded.
        """
        self.sizes = sizes
        self.most = most
        self.calls: list[dict[str, Any]] = []
        self.batch = -1
        self.drawn = self.called = 0
        self.decoy_model = self.decoy_batches = self.others = self.steps = 0
        self.decoy_switched = False
        # Each ``train`` and ``eval`` of the model's, and the line that first did something else.
        self.modes: list[dict[str, Any]] = []
        # How often the model had been called when each pass over the batches began.
        self.before: list[int] = []
        self.lines: dict[str, list[int]] = {}
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
    def running(self, model: nn.Module, decoy: nn.Module | None) -> Iterator[None]:
        """Record calls of other models and optimizer steps while this lasts.

        Other lines of the notebook may use what they like.
        """
        ours = [one for one in (model, decoy) if one is not None]
        known = {id(layer) for one in ours for layer in one.modules()}

        def called(other: nn.Module, _inputs: object) -> None:
            if id(other) not in known and any(True for _ in other.parameters()):
                self.others += 1
                self._note("others")

        def stepped(*_args: object) -> None:
            self.steps += 1
            self._note("steps")

        hooks = [
            register_module_forward_pre_hook(called),
            register_optimizer_step_pre_hook(stepped),
        ]
        self._running = True
        self._decoy = decoy if decoy is not None and decoy.training else None
        for one, on_mode in zip(ours, (self.on_mode, self.on_decoy_mode), strict=False):
            one.on_mode = on_mode  # type: ignore[assignment]
        try:
            yield
        finally:
            self._running = False
            for one in ours:
                del one.on_mode
            for hook in hooks:
                hook.remove()

    def on_batch(self, number: int) -> None:
        """Record that a batch is drawn."""
        self.batch = number
        self.drawn += 1

    def on_pass(self) -> None:
        """Record that a pass over the batches is begun."""
        if len(self.before) < _MAX_MODES:
            self.before.append(self.called)

    def idle_pass(self) -> int | None:
        """Return the first of several passes, from 0, in which the model was never called."""
        ends = [*self.before[1:], self.called]
        idle = [k for k, before in enumerate(self.before) if before == ends[k]]
        return idle[0] if idle and len(self.before) > 1 else None

    def on_decoy_model(self, *_call: object) -> None:
        """Record a call of the notebook's global model."""
        if self._running:
            self.decoy_model += 1
            self._note("decoy_model")

    def on_decoy_batches(self) -> None:
        """Record that the notebook's global batches are read."""
        if self._running:
            self.decoy_batches += 1
            self._note("decoy_batches")

    def on_mode(self, name: str) -> dict[str, Any]:
        """Record that ``train`` or ``eval`` of the model is looked up; return the record."""
        seen = {"name": name, "called": False, "training": False, "batch": self.batch}
        seen["line"] = student_line()
        if len(self.modes) < _MAX_MODES:
            self.modes.append(seen)
        return seen

    def on_decoy_mode(self, _name: str) -> dict[str, Any]:
        """Record that the mode of the notebook's global model is switched."""
        self._note("decoy_switched")
        return {}

    def _note(self, what: str) -> None:
        """Keep the line of student code at which something is first seen."""
        line = student_line() if what not in self.lines else None
        if line is not None:
            self.lines[what] = line

    def on_call(self, inputs: Any, model: nn.Module) -> None:
        """Record a call of the model, or of its first layer; of a ``vmap`` all its rows at once."""
        with behind_transforms(inputs) as behind:
            self._record(behind.rows, model)

    def _record(self, inputs: Any, model: nn.Module) -> None:
        batch = self.current(inputs)
        if self._decoy is not None and not self._decoy.training:
            self.decoy_switched = True
        if len(self.calls) < self.most or model.training != self.calls[-1]["training"]:
            if len(self.calls) >= _MAX_CALLS:
                return
            self.calls.append(
                {
                    **_described(inputs, self._projection),
                    "batch": batch,
                    "training": model.training,
                    "layers_training": any(layer.training for layer in model.children()),
                    "gradients": _records_a_graph(inputs, model),
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
            "modes": self.modes,
            "lines": self.lines,
        }


def _described(inputs: Any, projection: torch.Tensor) -> dict[str, Any]:
    """Return type and shape of a model's input, and one number for each of its rows."""
    if not isinstance(inputs, torch.Tensor):
        return {"type": type(inputs).__name__[:60], "shape": None, "rows": None, "rough": False}
    rows = numbers(inputs, projection)
    if rows is not None and len(rows) > _MAX_ROWS:
        rows = None
    return {
        "type": "Tensor",
        "shape": [int(size) for size in inputs.shape[:8]],
        "rows": None if rows is None else rows.numpy(),
        "rough": inputs.dtype in _ROUGH,
    }


def _records_a_graph(inputs: Any, model: nn.Module) -> bool:
    """Whether what the model gives will ask for gradients, and so keep what a backward pass needs.

    It does not where the mode is on and neither a parameter nor the input asks for gradients.
    """
    asked = (inputs, *model.parameters())
    return torch.is_grad_enabled() and any(getattr(one, "requires_grad", False) for one in asked)


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
