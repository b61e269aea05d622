"""Records what a training loop does to a model, whichever object of the notebook does it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np

_MAX_EVENTS = 400
_CLEARING = (torch.optim.Optimizer, nn.Module)
# The settings on which the steps of PyTorch's optimizers depend.
_SETTINGS = (
    *("lr", "momentum", "dampening", "nesterov", "weight_decay", "decoupled_weight_decay"),
    *("maximize", "eps", "amsgrad", "alpha", "centered", "momentum_decay", "rho", "lr_decay"),
    "initial_accumulator_value",
)


class Log:
    """What happened in the loop, in order, with the numbers that go with it."""

    def __init__(self, most: int, lit: np.ndarray) -> None:
        """Keep at most ``most`` gradients of each kind, of ``lit`` pixels only."""
        self.most = most
        self.lit = torch.from_numpy(lit.copy())
        self.events: list[list[Any]] = []
        self.states: list[np.ndarray] = []
        self.at_forward: list[np.ndarray] = []
        self.fresh: list[np.ndarray] = []
        self.used: list[np.ndarray] = []
        self.rules: list[str] = []
        self.settings: list[dict[str, float]] = []
        self.makers: list[int] = []

    def add(self, *event: Any) -> None:
        """Record an event: its name, then its flags and names."""
        if len(self.events) < _MAX_EVENTS:
            self.events.append(list(event))

    def forward(self, model: nn.Module) -> None:
        """Record a forward pass; with gradients on it may be the first use of a batch."""
        gradients = torch.is_grad_enabled()
        self.add("forward", model.training, gradients)
        if gradients and len(self.at_forward) < _MAX_EVENTS:
            self.at_forward.append(self.flat(model.parameters()))

    def cut(self, steps: int) -> None:
        """Keep the records of the first ``steps`` steps only."""
        for noted in (self.fresh, self.used, self.rules, self.settings, self.makers):
            del noted[steps:]

    def flat(self, pieces: Iterable[torch.Tensor]) -> np.ndarray:
        """Return a model's parameters, or their gradients, one after another: float32, (P,).

        The first layer's weights come first, without those of pixels that are never lit.
        """
        first, *rest = (piece.detach() for piece in pieces)
        whole = [first[:, self.lit].reshape(-1), *(piece.reshape(-1) for piece in rest)]
        result: np.ndarray = torch.cat(whole).to("cpu", torch.float32).numpy()
        return result


class _Watch:
    """The hooks of one run, and the gradients of the current backward pass."""

    def __init__(self, model: nn.Module, log: Log) -> None:
        self.names = [name for name, _ in model.named_parameters()]
        self.parameters = list(model.parameters())
        self.log = log
        self.pieces: dict[int, torch.Tensor] = {}
        self.optimizers: list[torch.optim.Optimizer] = []
        self.reached = 0

    def cleared(self, cleaner: Any, had: bool) -> None:
        left = any(p.grad is not None and bool(p.grad.any()) for p in self.parameters)
        # The zero_grad of another module, such as the loss, clears nothing here.
        ours = isinstance(cleaner, torch.optim.Optimizer) or any(
            p is q for p in self.parameters for q in cleaner.parameters()
        )
        self.log.add("zero_grad", bool(ours and not left), had)

    def gradient(self, index: int) -> Callable[[torch.Tensor], None]:
        def hook(gradient: torch.Tensor) -> None:
            self.reached += 1
            self.pieces[index] = gradient.detach().clone()
            if index == len(self.parameters) - 1:
                named = zip(self.names, self.parameters, strict=True)
                left = [name for name, p in named if p.grad is not None and bool(p.grad.any())]
                self.log.add("backward", not left, *left)

        return hook

    def backward(self, original: Any) -> Any:
        def noted(*args: Any, **kwargs: Any) -> Any:
            before = self.reached
            result = original(*args, **kwargs)
            if self.reached == before:
                self.log.add("elsewhere")
            return result

        return noted

    def step(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        """Record a step; one with a closure computes its gradients first."""
        closure = kwargs.get("closure", args[1] if len(args) > 1 else None)
        if not callable(closure):
            self.stepped(optimizer)
            return None

        def noted() -> Any:
            value = closure()
            self.stepped(optimizer)
            return value

        if "closure" in kwargs:
            return args, {**kwargs, "closure": noted}
        return (args[0], noted, *args[2:]), kwargs

    def stepped(self, optimizer: Any) -> None:
        self.log.add("step")
        self.flush()
        if len(self.log.used) < self.log.most:
            self.log.used.append(self._flat([p.grad for p in self.parameters]))
            self.log.rules.append(type(optimizer).__name__[:60])
            self.log.settings.append(_settings(optimizer.param_groups[0]))
            if not any(known is optimizer for known in self.optimizers):
                self.optimizers.append(optimizer)
            same = [known is optimizer for known in self.optimizers]
            self.log.makers.append(same.index(True))

    def flush(self) -> None:
        """Keep what the backward passes since the last step added."""
        if self.pieces and len(self.log.fresh) < self.log.most:
            pieces = [self.pieces.get(index) for index in range(len(self.parameters))]
            self.log.fresh.append(self._flat(pieces))
        self.pieces.clear()

    def _flat(self, pieces: Iterable[torch.Tensor | None]) -> np.ndarray:
        """Return gradients as ``Log.flat`` does; zeros where there is none."""
        pairs = zip(pieces, self.parameters, strict=True)
        return self.log.flat(torch.zeros_like(p) if piece is None else piece for piece, p in pairs)


@contextmanager
def watched(model: nn.Module, log: Log) -> Iterator[None]:
    """Record every zero_grad, backward and step that concerns ``model`` while this lasts."""
    watch = _Watch(model, log)
    originals = {cls: cls.zero_grad for cls in _CLEARING}
    backward = torch.autograd.backward
    hooks: list[Any] = [p.register_hook(watch.gradient(i)) for i, p in enumerate(watch.parameters)]
    hooks.append(register_optimizer_step_pre_hook(watch.step))

    def noted(original: Any) -> Any:
        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            had = any(p.grad is not None for p in watch.parameters)
            result = original(self, *args, **kwargs)
            watch.cleared(self, had)
            return result

        return zero_grad

    for cls, original in originals.items():
        cls.zero_grad = noted(original)  # type: ignore[method-assign]
    # A tensor's own backward calls this one.
    torch.autograd.backward = watch.backward(backward)
    try:
        yield
    finally:
        watch.flush()
        torch.autograd.backward = backward
        for cls, original in originals.items():
            cls.zero_grad = original  # type: ignore[method-assign]
        for hook in hooks:
            hook.remove()


def _settings(group: dict[str, Any]) -> dict[str, float]:
    """Return the numbers that an optimizer's group of parameters is set to, by name."""
    found = {name: float(group[name]) for name in _SETTINGS if group.get(name) is not None}
    # PyTorch has both factors in one tuple.
    first, second = group.get("betas", (None, None))
    return found if first is None else {**found, "beta_1": float(first), "beta_2": float(second)}
