"""Keeps track of the models that a loop trains: which had its batches, and what became of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.probes.recording.last_change import LastChange

Weights = dict[str, torch.Tensor]
# What was learned is thrown away where a model ends about as far from it as it had begun. After 300
# steps an average with a decay of 0.9999 ends at 0.98 of that way, and may yet come near it; one
# with 0.99999 at 0.998, and in a whole training it does not leave the start.
_LOST = 0.985
_FEW_NUMBERS = 3


@dataclass
class TrainedModel:
    """An object of the student's class, its weights at first, and what its batches made of it.

    ``begun`` are the weights before its first step, ``kept`` is its whole state after its batches.
    ``after`` tells the weights that its last step left, or its first pass. ``anew`` says that they
    were set anew in the last further pass, and ``in_pass`` that they ever were within one. One that
    is set anew before each pass has learned from the last one all the same.
    """

    model: Any
    first: Weights
    copied: bool = False
    steps: int = 0
    begun: Weights | None = None
    kept: dict[str, torch.Tensor] | None = None
    after: list[Any] | None = None
    anew: bool = False
    in_pass: bool = False

    def lost(self, now: Weights) -> bool:
        """Whether weights keep next to nothing of what this model has learned."""
        if self.begun is None or self.kept is None:
            return False
        pairs = [(name, now[name]) for name in self.begun if name in now and name in self.kept]
        kept = {name: value.to("cpu") for name, value in self.kept.items()}
        if any(value.shape != kept[name].shape for name, value in pairs):
            return False
        off = sum(float((value - kept[name]).square().sum()) for name, value in pairs)
        way = sum(float((self.begun[name] - kept[name]).square().sum()) for name, _ in pairs)
        return way > 0 and off >= _LOST**2 * way

    def left(self, layers: list[str]) -> bool:
        """Whether something else than its steps made its weights what they are."""
        return self.after is not None and self.after != _told(self.model, layers)

    def look(self, layers: list[str], *, within: bool) -> None:
        """Note before a step of a further pass whether the weights were set anew since the last."""
        anew = self.left(layers) and self.lost(weights_of(self.model, layers))
        self.in_pass = self.in_pass or (anew and within)
        self.anew = anew or (within and self.anew)

    def restore(self) -> None:
        """Put the state back that the model had after its batches."""
        if self.kept is not None:
            with torch.no_grad():
                for name, value in self.model.state_dict().items():
                    value.copy_(self.kept[name])


class TrainedModels:
    """All objects of the student's class, and the optimizer that made the last step."""

    def __init__(self, cls: Any, layers: list[str]) -> None:
        self.layers = layers
        self.made: list[TrainedModel] = []
        self.stepped: list[torch.optim.Optimizer] = []
        self.now: set[int] = set()
        if isinstance(cls, type):
            self._watch(cls)

    def _watch(self, cls: Any) -> None:
        init, restore = cls.__init__, getattr(cls, "__setstate__", None)

        def made(this: Any, *args: Any, **kwargs: Any) -> None:
            init(this, *args, **kwargs)
            self.add(this)

        def copied(this: Any, *args: Any) -> None:
            restore(this, *args)  # type: ignore[misc]
            self.add(this, copied=True)

        cls.__init__ = made
        if restore is not None:
            cls.__setstate__ = copied

    def add(self, model: Any, *, copied: bool = False) -> TrainedModel:
        """Note a model; what its weights are now counts as those it began with."""
        found = self.of(model)
        if found is None:
            found = TrainedModel(model, {}, copied)
            self.made.append(found)
        found.first = weights_of(model, self.layers)
        return found

    def of(self, model: Any) -> TrainedModel | None:
        """Return what is known of a model."""
        return next((one for one in self.made if one.model is model), None)

    @contextmanager
    def stepping(self, tail: LastChange | None = None) -> Iterator[None]:
        """Note for each step whose parameters it moves, while this lasts."""

        def before(optimizer: Any, _args: Any, _kwargs: Any) -> None:
            self._before_step(optimizer)
            if tail is not None:
                tail.before_step()

        def after(optimizer: Any, _args: Any, _kwargs: Any) -> None:
            for one in self._moved(optimizer):
                if one.kept is not None:
                    one.after = _told(one.model, self.layers)
            if tail is not None:
                tail.after_step()

        hooks = [register_optimizer_step_pre_hook(before), register_optimizer_step_post_hook(after)]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def _before_step(self, optimizer: Any) -> None:
        self.stepped[:] = [optimizer]
        for one in self._moved(optimizer):
            if not one.steps:
                one.begun = weights_of(one.model, self.layers)
            elif one.kept is not None:
                within = id(one.model) in self.now
                one.look(self.layers, within=within)
            one.steps += 1
            self.now.add(id(one.model))

    def _moved(self, optimizer: Any) -> Iterator[TrainedModel]:
        """Yield the models that have parameters which an optimizer holds."""
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        return (one for one in self.made if any(id(p) in held for p in one.model.parameters()))

    def end_pass(self) -> None:
        """Keep the state of every model that was trained in the pass that ends."""
        for one in self.made:
            if id(one.model) in self.now and one.kept is None:
                state = one.model.state_dict().items()
                one.kept = {name: value.detach().clone() for name, value in state}
                one.after = _told(one.model, self.layers)
        self.now.clear()

    def again(self) -> bool:
        """Whether this pass trains models only that had their batches in an earlier one."""
        had = {id(one.model) for one in self.made if one.kept is not None}
        return bool(self.now) and self.now <= had

    def all_had_theirs(self) -> bool:
        """Whether there is no model that might still be trained."""
        return all(one.kept is not None for one in self.made)


def weights_of(model: Any, layers: list[str]) -> Weights:
    """Return copies of the named layers' parameters, by names such as ``lin_1.weight``."""
    return {name: p.detach().to("cpu", copy=True) for name, p in parameters_of(model, layers)}


def parameters_of(model: Any, layers: list[str]) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the weight and the bias of each of the named layers."""
    for layer in layers:
        for name in ("weight", "bias"):
            value = getattr(getattr(model, layer, None), name, None)
            if isinstance(value, torch.Tensor):
                yield f"{layer}.{name}", value


def _told(model: Any, layers: list[str]) -> list[Any]:
    """Return by what a model's weights are told from others: where they are, and a few numbers."""
    found = [p.detach() for _, p in parameters_of(model, layers)]
    return [(p.data_ptr(), p._version, p.flatten()[:_FEW_NUMBERS].tolist()) for p in found]  # noqa: SLF001


def changed(now: Weights, was: Weights) -> bool:
    """Whether any of the weights is another one than before."""
    return any(name in now and not torch.equal(value, now[name]) for name, value in was.items())


def bound_models(namespace: Mapping[str, Any], kind: type) -> list[Any]:
    """Return the objects of the student's class that names, or containers with names, hold."""
    values = list(namespace.values())
    held = [*values, *(one for value in values for one in _items(value))]
    return [one for one in held if type(one) is kind]


def _items(value: Any) -> list[Any]:
    if type(value) is dict:
        value = list(value.values())
    return list(value) if type(value) in (list, tuple) else []


def chosen(
    models: TrainedModels, main: TrainedModel, final: Any, namespace: Mapping[str, Any]
) -> tuple[TrainedModel, str]:
    """Return the model to judge, in the state to judge, and how what was learned is lost, if it is.

    The loop may train a model that it makes itself. What the notebook's name stands for at the end
    counts; "away": nothing of the training is left in it, "copy": only a copy of it was trained,
    "anew": only the last pass is left in it.
    """
    layers = models.layers
    trained = [one for one in models.made if one.steps]
    last = models.of(final)
    if last is not None and trained and (last.steps or last is not main):
        source, now = last if last.steps else trained[-1], weights_of(final, layers)
        # Further passes may move a model far, too, by their steps alone.
        again = last.anew and last.in_pass
        if source.lost(now) and (not last.steps or last.left(layers) or again):
            return last, "away"
        if last.steps:
            last.restore()
        return last, "anew" if last.anew else ""
    if not trained:
        moved = [one for one in models.made if changed(weights_of(one.model, layers), one.first)]
        return (moved or [main])[-1], ""
    if trained[-1].copied and trained[-1].model not in bound_models(namespace, type(main.model)):
        return main, "copy"
    trained[-1].restore()
    return trained[-1], ""
