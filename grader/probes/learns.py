"""Trains the student's own model by the student's own loop, on a brief budget."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.trained_on import drawn_data, held_back_of
from grader.probes.environment.completing import completed
from grader.probes.environment.fused import fused_steps
from grader.probes.environment.no_gradients import without_gradients
from grader.probes.environment.running import (
    Enough,
    Namespace,
    StudentError,
    seed_everything,
)
from grader.probes.recording.conditions import limits_of, parts_of
from grader.probes.recording.last_change import LastChange
from grader.probes.recording.loop_budget import LoopBudget
from grader.probes.recording.trained_models import (
    TrainedModels,
    bound_models,
    chosen,
    parameters_of,
    weights_of,
)
from grader.probes.recording.without_loader import WithoutLoader


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train and report the logits on the held-back images before and after, shape (N, C).

    The images' labels are not here: the judge has them. Where no step is made, and a condition has
    a number above the size of the batches, it may be one on that size: the notebook's own batches
    are larger.
    """
    challenge = task["challenge"]
    result, runner, stepped = _train(task, challenge, seed)
    size = challenge["full_batch"]
    if not stepped and size > challenge["batch_size"] and result["error"] is None:
        limits = limits_of(parts_of(task["program"]), runner.namespace)
        if max(limits.counts, default=0) > challenge["batch_size"]:
            order = np.resize(challenge["order"], (challenge["steps"], size))
            result, *_ = _train(task, {**challenge, "order": order, "batch_size": size}, seed)
    return result


def _train(
    task: dict[str, Any], challenge: dict[str, Any], seed: int
) -> tuple[dict[str, Any], Namespace, bool]:
    """Return what came of one training, the notebook's names, and whether a step was made."""
    device = torch.device(challenge["device"])
    sizes = [challenge["batch_size"]] * challenge["steps"]
    layers = challenge["layers"]
    held_back = held_back_of(challenge).to(device)
    budget = LoopBudget(challenge["steps"])
    few = challenge["batch_size"]
    train = Batches(
        drawn_data(challenge, challenge["order"].reshape(-1)),
        sizes,
        on_batch=budget.on_batch,
        on_start=budget.on_start,
        on_end=budget.on_end,
        reshuffles=True,
    )
    test = Batches(drawn_data(challenge, np.arange(few)), [few])
    some = [values.to(device) for values in test.dataset[np.arange(few)]]
    sets = {**datasets(test), "train_data": train.dataset}
    given = {
        "device": device,
        "train_batches": train,
        "test_batches": test,
        **sets,
        "batch_size": challenge["batch_size"],
        "evaluate": (
            budget.unknown
            if challenge["form"]
            else lambda *given, **_named: budget.accuracy(some, *given)
        ),
    }
    runner = Namespace(task["program"], seed, given)
    models: TrainedModels | None = None
    with (
        watched_loaders((sets["train_data"], train), (sets["test_data"], test)),
        nullcontext() if challenge["gradients"] else without_gradients(),
    ):
        try:
            runner.define()
            models = TrainedModels(runner.namespace.get(task["program"]["name"]), layers)
            model = completed(runner, task["program"], device)
            if any(map(nn.parameter.is_lazy, model.parameters())):
                _logits(runner, model, held_back[:2])  # only a first call makes its parameters
            main = models.add(model)
            for one in bound_models(runner.namespace, type(model)):
                models.add(one)
            before = _logits(runner, model, held_back)
            tail = LastChange(lambda: _final(runner, task["program"]))
            seed_everything(seed)
            own = WithoutLoader(train, lambda: bool(test.open), most=budget.most)
            with own.watching(type(model)):
                late, ended = _trained(runner, budget, models, tail, own)
            final = _final(runner, task["program"]) if ended else model
            judged, thrown = chosen(models, main, final, runner.namespace)
            now = weights_of(judged.model, layers)
            result = {
                "error": None,
                "late": late,
                "late_batch": train.at(late) if late and train.begun > 1 else 0,
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
                "thrown_at": (tail.line or []) if thrown in ("away", "anew") else [],
                **_even(judged.begun or judged.first),
                **_reasons(judged.model, layers, models.stepped),
                "device": str(device),
            }
        except StudentError as error:
            # With gradients off no step is counted, but the error has its batch all the same.
            steps = budget.steps or train.at(error.data)
            result = {"error": error.data, "steps": steps, "before": None, "after": None}
    return result, runner, bool(models and models.stepped)


def _trained(
    runner: Namespace,
    budget: LoopBudget,
    models: TrainedModels,
    tail: LastChange,
    own: WithoutLoader,
) -> tuple[dict[str, Any] | None, bool]:
    """Run the loop; return what it raised after its last batch, and whether it came to its end.

    Raises ``StudentError`` for what it raises before.
    """
    budget.begin(models, tail)
    own.begin()
    try:
        with suppress(Enough), fused_steps(), models.stepping(tail):
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


def _even(weights: dict[str, torch.Tensor]) -> dict[str, list[str]]:
    """Return the weights that all have the same number, and those of them where it is 0."""
    flat = {name: one.flatten() for name, one in weights.items() if one.ndim > 1 and len(one) > 1}
    even = {name: one for name, one in flat.items() if bool((one == one[0]).all())}
    return {"even": list(even), "zero": [name for name, one in even.items() if not one[0]]}


def _logits(runner: Namespace, model: nn.Module, images: torch.Tensor) -> Any:
    def evaluate() -> Any:
        was_training = model.training
        model.eval()
        # In the model's own precision: that of a notebook which computes in doubles throughout.
        precision = next((p.dtype for p in model.parameters()), images.dtype)
        with torch.no_grad():
            logits = model(images.to(precision) if images.is_floating_point() else images)
        model.train(was_training)
        return logits

    logits = runner.call(evaluate)
    if not isinstance(logits, torch.Tensor) or logits.numel() > 2_000_000 or logits.is_complex():
        return None
    return logits.detach().to("cpu", torch.float32).numpy()
