"""Trains the student's own model by the student's own loop, on a brief budget."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.pictures import Pictures, images_tensor
from grader.probes.environment.absent import Absent
from grader.probes.environment.fused import fused_steps
from grader.probes.environment.no_gradients import without_gradients
from grader.probes.environment.running import Enough, Namespace, StudentError, seed_everything
from grader.probes.recording.last_change import LastChange
from grader.probes.recording.loop_budget import LoopBudget
from grader.probes.recording.trained_models import (
    TrainedModels,
    bound_models,
    chosen,
    parameters_of,
    weights_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train and report the logits on the held-back images before and after, shape (N, C).

    The images' labels are not here: the judge has them.
    """
    challenge = task["challenge"]
    device = torch.device(challenge["device"])
    images = challenge["train_images"], challenge["image"], challenge["train_labels"]
    order = challenge["order"].reshape(-1)
    sizes = [challenge["batch_size"]] * challenge["steps"]
    layers = challenge["layers"]
    flat = challenge["held_back"].shape[1:]
    held_back = images_tensor(challenge["held_back"], flat).to(device)
    budget = LoopBudget(challenge["steps"])
    few = challenge["batch_size"]
    order = Pictures(*images, order)
    train = Batches(
        order, sizes, on_batch=budget.on_batch, on_start=budget.on_start, on_end=budget.on_end
    )
    test = Batches(Pictures(*images, np.arange(few)), [few])
    some = [values.to(device) for values in test.dataset[np.arange(few)]]
    sets = {**datasets(test), "train_data": train.dataset}
    given = {
        "device": device,
        "train_batches": train,
        "test_batches": test,
        **sets,
        "batch_size": challenge["batch_size"],
        "evaluate": lambda *given, **_named: budget.accuracy(some, *given),
    }
    runner = Namespace(task["program"], seed, given)
    with (
        watched_loaders((sets["train_data"], train), (sets["test_data"], test)),
        nullcontext() if challenge["gradients"] else without_gradients(),
    ):
        try:
            runner.define()
            models = TrainedModels(runner.namespace.get(task["program"]["name"]), layers)
            model = _complete(runner, task["program"], device)
            main = models.add(model)
            for one in bound_models(runner.namespace, type(model)):
                models.add(one)
            before = _logits(runner, model, held_back)
            tail = LastChange(lambda: _final(runner, task["program"]))
            seed_everything(seed)
            late, ended = _trained(runner, budget, models, tail)
            final = _final(runner, task["program"]) if ended else model
            judged, thrown = chosen(models, main, final, runner.namespace)
            now = weights_of(judged.model, layers)
            return {
                "error": None,
                "late": late,
                "steps": budget.taken,
                "before": before,
                "after": _logits(runner, judged.model, held_back),
                "still": [
                    name
                    for name, was in judged.first.items()
                    if name in now and torch.equal(was, now[name])
                ],
                "layers": len(judged.first),
                "thrown": thrown,
                "thrown_at": (tail.line or []) if thrown == "away" else [],
                **_reasons(judged.model, layers, models.stepped),
                "device": str(device),
            }
        except StudentError as error:
            # With gradients off no step is counted, but the error has its batch all the same.
            steps = budget.steps or train.at(error.data)
            return {"error": error.data, "steps": steps, "before": None, "after": None}


def _trained(
    runner: Namespace, budget: LoopBudget, models: TrainedModels, tail: LastChange
) -> tuple[dict[str, Any] | None, bool]:
    """Run the loop; return what it raised after its last batch, and whether it came to its end.

    Raises ``StudentError`` for what it raises before.
    """
    budget.begin(models, tail)
    try:
        with suppress(Enough), models.stepping(), fused_steps():
            runner.loop()
            return None, True
    except StudentError as error:
        # A failure after the last batch, in a print or a plot, changes no result. Beyond the
        # batches that are given it may come of there being no more.
        if budget.after:
            return None, False
        if budget.steps < budget.most:
            raise
        return error.data, False
    finally:
        tail.end()
    return None, False


def _final(runner: Namespace, program: dict[str, Any]) -> Any:
    """Return the model that the notebook's name stands for."""
    found = (runner.namespace.get(name) for name in program["roles"]["model"])
    return next((value for value in found if isinstance(value, nn.Module)), None)


def _reasons(model: Any, layers: list[str], stepped: list[torch.optim.Optimizer]) -> dict[str, Any]:
    """Return what may keep a model from learning.

    Parameters that are frozen or not held by the optimizer, no learning rate, steps uphill.
    """
    named = dict(parameters_of(model, layers))
    groups = [group for optimizer in stepped for group in optimizer.param_groups]
    held = {id(parameter) for group in groups for parameter in group["params"]}
    return {
        "frozen": [name for name, parameter in named.items() if not parameter.requires_grad],
        "unheld": [name for name, p in named.items() if stepped and id(p) not in held],
        "no_rate": bool(groups) and not any(bool(group.get("lr", 1)) for group in groups),
        "uphill": any(
            bool(group.get("lr", 1) < 0) or bool(group.get("maximize")) for group in groups
        ),
    }


def _complete(runner: Namespace, program: dict[str, Any], device: torch.device) -> Any:
    """Return the student's model; make model, loss and optimizer where no line makes them.

    Raises ``StudentError`` where a line is there and fails: the notebook could not train either.
    """
    names = program["roles"]
    space = runner.namespace
    cls: Any = space.get(program["name"])
    if _lacks(runner, names["model"], lambda value: isinstance(value, nn.Module)):
        space.update(dict.fromkeys(names["model"], runner.call(lambda: cls().to(device))))
    found = (space.get(name) for name in names["model"])
    model: Any = next((value for value in found if isinstance(value, nn.Module)), None)
    if model is None:
        model = runner.call(lambda: cls().to(device))
    runner.call(lambda: model.to(device).train())
    if _lacks(runner, names["loss"], callable):
        space.update(dict.fromkeys(names["loss"], nn.CrossEntropyLoss()))
    if _lacks(runner, names["optimizer"], lambda value: hasattr(value, "step")):
        optimizer = runner.call(lambda: torch.optim.Adam(model.parameters(), lr=1e-3))
        space.update(dict.fromkeys(names["optimizer"], optimizer))
    return model


def _lacks(runner: Namespace, names: list[str], usable: Callable[[Any], bool]) -> bool:
    """Whether none of a role's names holds a usable value; raises the error that prevented it."""
    values = [runner.namespace[name] for name in names if name in runner.namespace]
    if any(usable(value) and not isinstance(value, Absent) for value in values):
        return False
    if runner.missing:  # a module that is not installed here may have made it
        return True
    for name in names:
        if name in runner.failures:
            raise runner.failures[name]
    return not values


def _logits(runner: Namespace, model: nn.Module, images: torch.Tensor) -> Any:
    def evaluate() -> Any:
        was_training = model.training
        model.eval()
        # In the model's own precision: that of a notebook which computes in doubles throughout.
        precision = next((p.dtype for p in model.parameters()), images.dtype)
        with torch.no_grad():
            logits = model(images.to(precision))
        model.train(was_training)
        return logits

    logits = runner.call(evaluate)
    if not isinstance(logits, torch.Tensor) or logits.numel() > 2_000_000 or logits.is_complex():
        return None
    return logits.detach().to("cpu", torch.float32).numpy()
