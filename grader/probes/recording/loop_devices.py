"""Tries a training loop on a device that is pretended, whatever this machine has."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.borrowing import standing_for
from grader.probes.doubles.devices import CPU, GPU, Pretended, place_of, pretended_gpu, put
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.stand_ins import StandInModel
from grader.probes.doubles.trained_on import trained_on
from grader.probes.environment.running import Enough, Namespace, StudentError

_SIZES = (6, 6)


def loop_devices(task: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return what would stop on a GPU, and on a machine without one where the code names one.

    Each note has the ``device`` that the notebook is told, beside what ``Pretended`` notes.
    """
    named = any("cuda" in text for text, *_ in task["program"]["entries"])
    return [
        {"device": device, **note}
        for device in ((GPU, CPU) if named else (GPU,))
        for note in _tried(task, seed, device)
    ]


def _tried(task: dict[str, Any], seed: int, device: str) -> list[dict[str, Any]]:
    """Run one epoch of two small batches on a device; the model is there, the batches are not."""
    challenge, program = task["challenge"], task["program"]
    places = Pretended(device)
    model = _model_on(challenge, device, places)
    passes = 0

    def on_start() -> None:
        nonlocal passes
        passes += torch.is_grad_enabled()
        if passes > 1:
            raise Enough

    form = trained_on(challenge)
    data = form.data(np.arange(sum(_SIZES)) % len(challenge["targets"]))
    train = Batches(data, _SIZES, on_start=on_start)
    test = Batches(data, _SIZES[:1])
    given = {
        "model": model,
        "model_class": standing_for(StandInModel, lambda: model),
        "loss": form.loss(),
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.01),
        "train_batches": train,
        "test_batches": test,
        **datasets(train),
        "batch_size": max(_SIZES),
        "device": torch.device(device),
        "evaluate": lambda *_args, **_kwargs: 0.5,
    }
    if challenge.get("own_optimizer"):
        del given["optimizer"]
    runner = Namespace(program, seed, given, places)
    asks = any("is_available" in text for text, *_ in program["entries"])
    # How an optimizer computes is its own affair.
    hooks = [
        register_optimizer_step_pre_hook(lambda *_step: setattr(places, "muted", True)),
        register_optimizer_step_post_hook(lambda *_step: setattr(places, "muted", False)),
    ]
    try:
        loaders = watched_loaders((data, train))
        with pretended_gpu(there=asks and device != CPU), loaders:
            runner.define()
            model.borrow_from(runner.own_class())
            places.notes.clear()
            runner.loop()
    except (Enough, StudentError):
        pass
    finally:
        for hook in hooks:
            hook.remove()
    return [note for note in places.notes if note["line"] is not None]


def _model_on(challenge: dict[str, Any], device: str, places: Pretended) -> StandInModel:
    """Return the judge's model on a device; a copy of it is there, too."""
    model = StandInModel(challenge, lambda _model: None, lambda: None, trained_on(challenge))
    model.on_copy = lambda _model: _model_on(challenge, device, places)
    for tensor in model.parameters():
        put(tensor, device)

    def given(one: nn.Module, inputs: tuple[Any, ...]) -> Any:
        if inputs and isinstance(inputs[0], torch.Tensor) and not places.lost(inputs[0]):
            lies = place_of(next(one.parameters()))
            if place_of(inputs[0]) != lies:
                places.note("input", place_of(inputs[0]))
                put(inputs[0], lies)  # said once, not for every layer

    model.register_forward_pre_hook(given)
    return model
