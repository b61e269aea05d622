"""Notes what a training does to a model's parameters, and what keeps them from changing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Steps:
    """The optimizer that made the last step, and the versions of its parameters after that.

    A version counts how often something was written into a parameter. ``moved`` are the parameters
    that the first step changed.
    """

    optimizers: list[torch.optim.Optimizer] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)

    def set_back(self, parameters: dict[str, torch.Tensor]) -> list[str]:
        """Return the names of those that were moved, and written into after the last step."""
        return [
            name
            for name, p in parameters.items()
            if id(p) in self.moved and _version(p) > self.versions.get(id(p), _version(p))
        ]


@contextmanager
def stepping(steps: Steps) -> Iterator[None]:
    """Keep in ``steps`` what made the last step, and what it led to, while this lasts."""
    start: dict[int, torch.Tensor] = {}

    def before(optimizer: Any, _args: Any, _kwargs: Any) -> None:
        if not steps.optimizers:
            start.update((id(p), p.detach().clone()) for p in _held(optimizer))
        steps.optimizers[:] = [optimizer]

    def after(optimizer: Any, _args: Any, _kwargs: Any) -> None:
        held = _held(optimizer)
        steps.versions = {id(p): _version(p) for p in held}
        if start:
            steps.moved = {id(p) for p in held if not torch.equal(p.detach(), start[id(p)])}
            start.clear()

    hooks = [register_optimizer_step_pre_hook(before), register_optimizer_step_post_hook(after)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _version(parameter: torch.Tensor) -> int:
    return parameter._version  # noqa: SLF001 - PyTorch documents it, and has no other name for it


def _held(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def reasons(model: Any, layers: list[str], steps: Steps) -> dict[str, Any]:
    """Return what may keep a model from learning.

    Parameters that are frozen, not held by the optimizer or set back after its last step, no
    learning rate, steps uphill.
    """
    named = dict(_parameters(model, layers))
    groups = [group for optimizer in steps.optimizers for group in optimizer.param_groups]
    held = {id(parameter) for optimizer in steps.optimizers for parameter in _held(optimizer)}
    return {
        "frozen": [name for name, parameter in named.items() if not parameter.requires_grad],
        "unheld": [name for name, p in named.items() if steps.optimizers and id(p) not in held],
        "no_rate": bool(groups) and not any(bool(group.get("lr", 1)) for group in groups),
        "set_back": steps.set_back(named),
        "uphill": any(
            bool(group.get("lr", 1) < 0) or bool(group.get("maximize")) for group in groups
        ),
    }


def weights(model: Any, layers: list[str]) -> dict[str, torch.Tensor]:
    """Return copies of the named layers' parameters, by names such as ``lin_1.weight``."""
    return {name: p.detach().to("cpu", copy=True) for name, p in _parameters(model, layers)}


def _parameters(model: Any, layers: list[str]) -> Iterator[tuple[str, torch.Tensor]]:
    for layer in layers:
        for name in ("weight", "bias"):
            value = getattr(getattr(model, layer, None), name, None)
            if isinstance(value, torch.Tensor):
                yield f"{layer}.{name}", value


def changed(now: dict[str, torch.Tensor], was: dict[str, torch.Tensor]) -> bool:
    """Whether any of some parameters has another value than it had."""
    return any(name in now and not torch.equal(value, now[name]) for name, value in was.items())


def noted(cls: Any, layers: list[str]) -> list[tuple[Any, dict[str, torch.Tensor]]]:
    """Return a list that gets every new object of the class, with its initial parameters."""
    made: list[tuple[Any, dict[str, torch.Tensor]]] = []
    original = getattr(cls, "__init__", None)
    if not isinstance(cls, type) or original is None:
        return made

    def note(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append((self, weights(self, layers)))

    cls.__init__ = note  # type: ignore[misc]
    return made
