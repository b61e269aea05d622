"""Observes the student's training loop on the judge's model, loss, optimizer and batches."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from grader.probes.batches import Batches, images_tensor
from grader.probes.running import Enough, Runner, StudentError
from grader.probes.stand_ins import StandInModel, flat_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_EVENTS = 400


class _Log:
    """What happened in the loop, in order, with the numbers that go with it."""

    def __init__(self) -> None:
        self.events: list[list[Any]] = []
        self.states: list[np.ndarray] = []
        self.fresh: list[np.ndarray] = []
        self.used: list[np.ndarray] = []
        self.rates: list[float] = []

    def add(self, *event: Any) -> None:
        if len(self.events) < _MAX_EVENTS:
            self.events.append(list(event))


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Run the loop once with each of the challenge's optimizers.

    Per run: the events, the parameters after each batch (K + 1, P), the gradient that each
    ``backward`` added and the one that each ``step`` used (at most K each, P), the learning rates.
    """
    return {"runs": [_run(task, optimizer, seed) for optimizer in task["challenge"]["optimizers"]]}


def _run(task: dict[str, Any], kind: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge = task["challenge"]
    log = _Log()
    images = images_tensor(challenge["images"], challenge["image"])
    labels = torch.from_numpy(challenge["labels"].copy())
    model = StandInModel(
        challenge["weights"], challenge["no_ops"], lambda m: log.add("forward", m.training)
    )
    limit = challenge["epochs"] * len(challenge["sizes"])

    def on_batch(_number: int) -> None:
        # Only a batch drawn for training counts: an evaluation of the student's own reads the
        # same iterator without gradients.
        if torch.is_grad_enabled() and model.training:
            if len(log.states) > limit:
                raise Enough
            log.states.append(flat_parameters(model))
            log.add("batch")

    def on_start() -> None:
        if torch.is_grad_enabled() and model.training:
            if sum(event[0] == "epoch" for event in log.events) >= challenge["epochs"]:
                raise Enough
            log.add("epoch")

    train = Batches(images, labels, challenge["sizes"], on_batch=on_batch, on_start=on_start)
    few = challenge["sizes"][:1]
    optimizer_class = getattr(torch.optim, kind["name"])
    given = {
        "model": model,
        "loss": nn.CrossEntropyLoss(),
        "optimizer": optimizer_class(model.parameters(), **kind["options"]),
        "train_batches": train,
        "test_batches": Batches(images[: few[0]], labels[: few[0]], few),
        "device": torch.device("cpu"),
        "evaluate": lambda *_args, **_kwargs: 0.5,
    }
    runner = Runner(task["program"], seed, given)
    error = None
    with _watched(model, log, challenge["per_step"]):
        try:
            runner.define()
            runner.loop()
        except Enough:
            pass
        except StudentError as problem:
            error = problem.data
    if len(log.states) <= limit:
        log.states.append(flat_parameters(model))
    return {
        "error": error,
        "events": log.events,
        "states": np.stack(log.states),
        "fresh": _stack(log.fresh),
        "used": _stack(log.used),
        "rates": [float(rate) for rate in log.rates],
    }


@contextmanager
def _watched(model: nn.Module, log: _Log, per_step: int) -> Iterator[None]:
    """Write down clearing, backward and step, whichever object of the notebook does them."""
    parameters = list(model.parameters())
    pieces: dict[int, torch.Tensor] = {}
    clears = {cls: cls.zero_grad for cls in (torch.optim.Optimizer, nn.Module)}

    def clear(cls: Any) -> Any:
        def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
            before = any(p.grad is not None for p in parameters)
            result = clears[cls](self, *args, **kwargs)
            left = any(p.grad is not None and bool(p.grad.any()) for p in parameters)
            # A zero_grad of something else (the loss module has one too) clears nothing here.
            ours = isinstance(self, torch.optim.Optimizer) or any(
                p is q for p in parameters for q in self.parameters()
            )
            log.add("zero_grad", bool(ours and not left), before)
            return result

        return zero_grad

    def on_gradient(index: int) -> Any:
        def hook(gradient: torch.Tensor) -> None:
            pieces[index] = gradient.detach().clone()
            if index == len(parameters) - 1:
                clean = all(p.grad is None or not bool(p.grad.any()) for p in parameters)
                log.add("backward", clean)

        return hook

    def flush() -> None:
        if pieces and len(log.fresh) < per_step:
            log.fresh.append(_flat([pieces.get(i) for i in range(len(parameters))], parameters))
        pieces.clear()

    def on_step(optimizer: Any, _args: Any, _kwargs: Any) -> None:
        log.add("step")
        flush()
        if len(log.used) < per_step:
            log.used.append(_flat([p.grad for p in parameters], parameters))
            log.rates.append(optimizer.param_groups[0]["lr"])

    hooks = [p.register_hook(on_gradient(i)) for i, p in enumerate(parameters)]
    hooks.append(register_optimizer_step_pre_hook(on_step))
    for cls in clears:
        cls.zero_grad = clear(cls)  # type: ignore[method-assign]
    try:
        yield
    finally:
        flush()
        for cls, original in clears.items():
            cls.zero_grad = original  # type: ignore[method-assign]
        for hook in hooks:
            hook.remove()


def _flat(pieces: list[torch.Tensor | None], parameters: list[torch.Tensor]) -> np.ndarray:
    """Return gradients one after another as float32, shape (P,); zeros where there is none."""
    whole = [
        torch.zeros_like(parameter).reshape(-1) if piece is None else piece.detach().reshape(-1)
        for piece, parameter in zip(pieces, parameters, strict=True)
    ]
    result: np.ndarray = torch.cat(whole).to("cpu", torch.float32).numpy()
    return result


def _stack(rows: list[np.ndarray]) -> np.ndarray | None:
    return np.stack(rows) if rows else None
