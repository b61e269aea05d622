"""Records what a training loop does to a model, whichever object of the notebook does it."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from grader.probes.recording.altered import altered
from grader.probes.recording.forward_passes import ForwardPasses, add_to
from grader.probes.recording.optimizers import rule_of, settings_of
from grader.probes.recording.scaling import watched_scalers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np

    from grader.probes.doubles.trained_on import TrainedOn
    from grader.probes.recording.log import Log
    from grader.probes.recording.rows import KnownRows

_CLEARING = (torch.optim.Optimizer, nn.Module)


class Watch:
    """The hooks of one run, and the gradients of the current backward pass."""

    def __init__(self, model: nn.Module, log: Log, form: TrainedOn, known: KnownRows) -> None:
        self.log = log
        self.pieces: dict[int, torch.Tensor] = {}
        self.passes = ForwardPasses(log, form, known)
        self.optimizers: list[torch.optim.Optimizer] = []
        self.reached = 0
        # The parameters that were moved since the last backward, by the steps made since.
        self.moved: set[int] = set()
        self.scale = 1.0
        # What the backward pass under way found, until it is recorded; where hooks step meanwhile.
        self.found: list[Any] | None = None
        self.within = False
        self.hooks: list[Any] = []
        self.look_at(model)
        self.turn_to(model)

    def look_at(self, model: nn.Module) -> None:
        """Watch the forward passes of a model, once it is the one that is trained."""

        def noted(one: nn.Module, given: tuple[Any, ...], output: Any) -> None:
            if one is self.model:
                self.passes.note(next(iter(given), None), output)

        self.hooks.append(model.register_forward_hook(noted))

    def turn_to(self, model: nn.Module) -> None:
        """Watch the parameters of a model from here on."""
        self.model = model
        self.names = [name for name, _ in model.named_parameters()]
        self.parameters = list(model.parameters())
        self.hooks += [p.register_hook(self.gradient(i)) for i, p in enumerate(self.parameters)]

    def cleared(self, cleaner: Any, had: bool) -> None:
        """Record a zero_grad, and whether it left no gradient of the model."""
        self.begun()
        left = any(p.grad is not None and bool(p.grad.any()) for p in self.parameters)
        # The zero_grad of another module, such as the loss, clears nothing here.
        ours = isinstance(cleaner, torch.optim.Optimizer) or any(
            p is q for p in self.parameters for q in cleaner.parameters()
        )
        self.log.add("zero_grad", bool(ours and not left), had)

    def gradient(self, index: int) -> Callable[[torch.Tensor], None]:
        """Return a hook that keeps what a backward pass adds to a parameter's gradient."""

        def hook(gradient: torch.Tensor) -> None:
            self.reached += 1
            if self.log.muted:
                return
            add_to(self.pieces, index, gradient)

        return hook

    def backward(self, original: Any) -> Any:
        """Return a function that computes gradients, with a record of what it finds and reaches.

        Which gradients are there is seen before: while they are computed the first ones are stored.
        """

        def noted(*args: Any, **kwargs: Any) -> Any:
            before = self.reached
            named = zip(self.names, self.parameters, strict=True)
            left = [name for name, p in named if p.grad is not None and bool(p.grad.any())]
            if not left:
                # Nothing is there of what was brought before: no step will use it.
                self.pieces.clear()
                self.passes.scores.clear()
            self.found, self.within = [not left, *left], True
            try:
                result = original(*args, **kwargs)
            finally:
                self.within = False
            if self.reached == before:
                self.log.add("elsewhere")
                self.found = None
            else:
                self.begun()
            self.log.settled()
            return result

        return noted

    def begun(self) -> None:
        """Record a backward pass, once; a parameter's hook may step before it has ended."""
        if self.found is not None:
            self.log.add("backward", *self.found)
            self.moved.clear()
            self.scale, self.found = 1.0, None

    def step(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        """Record a step; one with a closure, which may be called again and again, is one too."""
        self.log.see(self.model)
        closure = kwargs.get("closure", args[1] if len(args) > 1 else None)
        if not callable(closure):
            self.stepped(optimizer)
            return None

        def noted() -> Any:
            value = closure()
            if not self.log.muted:
                self.stepped(optimizer)
                self.log.muted = True
            return value

        if "closure" in kwargs:
            return args, {**kwargs, "closure": noted}
        return (args[0], noted, *args[2:]), kwargs

    def after_step(self, _optimizer: Any, _args: Any, _kwargs: Any) -> None:
        """See the parameters that a step has led to."""
        self.log.muted = False
        self.log.last = self.log.flat(self.parameters)
        self.log.settled()

    def stepped(self, optimizer: Any) -> None:
        """Record a step; several optimizers that share the parameters make one together."""
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        mine = held & {id(p) for p in self.parameters}
        if not mine:
            self.log.add("step_elsewhere")
            return
        self.begun()
        joins = bool(self.moved and mine) and not self.moved & mine
        self.moved |= mine
        if joins:
            if self.log.rules and len(self.log.used) < self.log.most:
                self.log.rules[-1] = f"{self.log.rules[-1]}+{type(optimizer).__name__}"[:60]
            if self.within and len(self.log.fresh) == len(self.log.used) < self.log.most:
                self.log.fresh[-1] = self.log.fresh[-1] + self._new() / self.scale
                self.log.used[-1] = self.log.used[-1] + self._stored(mine)
            return
        self.log.add("step")
        stored = any(p.grad is not None for p in self.parameters)
        if not stored and self.pieces:
            self.log.add("nothing_stored")
        self.flush()
        if len(self.log.used) < self.log.most:
            reached = mine if self.within else {id(p) for p in self.parameters}
            self.log.used.append(self._stored(reached))
            self.log.rules.append(rule_of(optimizer))
            self.log.settings.append(settings_of(optimizer.param_groups[0]))
            if not any(known is optimizer for known in self.optimizers):
                self.optimizers.append(optimizer)
            same = [known is optimizer for known in self.optimizers]
            self.log.makers.append(same.index(True))

    def flush(self) -> None:
        """Keep what the backward passes since the last step added."""
        if self.pieces and len(self.log.fresh) < self.log.most:
            self.log.fresh.append(self._new() / self.scale)
            self.passes.flush(self.scale)
        self.pieces.clear()
        self.passes.clear()

    def _new(self) -> np.ndarray:
        """Return what backward has brought since it was last asked for."""
        pieces = [self.pieces.get(index) for index in range(len(self.parameters))]
        self.pieces.clear()
        return self._flat(pieces)

    def _stored(self, held: set[int]) -> np.ndarray:
        """Return the gradients that parameters have, those that are held by a step."""
        return self._flat([p.grad if id(p) in held else None for p in self.parameters])

    def _flat(self, pieces: Iterable[torch.Tensor | None]) -> np.ndarray:
        """Return gradients as ``Log.flat`` does; zeros where there is none."""
        pairs = zip(pieces, self.parameters, strict=True)
        return self.log.flat(torch.zeros_like(p) if piece is None else piece for piece, p in pairs)


@contextmanager
def watched(model: nn.Module, log: Log, form: TrainedOn, known: KnownRows) -> Iterator[Watch]:
    """Record every zero_grad, backward and step that concerns ``model`` while this lasts.

    ``known`` are the rows that it is given, in their ``form``.
    """
    watch = Watch(model, log, form, known)
    originals = {cls: cls.zero_grad for cls in _CLEARING}
    backward, grad = torch.autograd.backward, torch.autograd.grad
    hooks = watch.hooks
    hooks.append(register_optimizer_step_pre_hook(watch.step))
    hooks.append(register_optimizer_step_post_hook(watch.after_step))

    def noted(original: Any) -> Any:
        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            had = any(p.grad is not None for p in watch.parameters)
            result = original(self, *args, **kwargs)
            watch.cleared(self, had)
            log.settled()
            return result

        return zero_grad

    def unscaled(scale: float) -> None:
        if altered(watch.parameters, watch.pieces):
            log.add("altered_while_scaled")
        watch.scale = scale

    for cls, original in originals.items():
        cls.zero_grad = noted(original)  # type: ignore[method-assign]
    # A tensor's own backward calls this one.
    torch.autograd.backward = watch.backward(backward)
    torch.autograd.grad = watch.backward(grad)
    with ExitStack() as stack:
        stack.enter_context(watched_scalers(unscaled, lambda: log.add("skipped")))
        try:
            yield watch
        finally:
            watch.flush()
            torch.autograd.backward = backward
            torch.autograd.grad = grad
            for cls, original in originals.items():
                cls.zero_grad = original  # type: ignore[method-assign]
            for hook in hooks:
                hook.remove()
