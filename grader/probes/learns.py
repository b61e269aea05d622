"""Trains the student's own model by the student's own loop, on a brief budget."""

from __future__ import annotations

import ast
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
from grader.probes.environment.running import (
    Enough,
    Namespace,
    StudentError,
    seed_everything,
    statements_of,
)
from grader.probes.recording.conditions import limits_of, parts_of
from grader.probes.recording.training import Steps, changed, noted, reasons, stepping, weights

if TYPE_CHECKING:
    from collections.abc import Callable

# A loop that never makes a step must end too: after so many passes, or so many complete ones.
_MOST_PASSES = 40
_MOST_WHOLE = 2
_EXCUSED = frozenset(
    {"NameError", "OSError", "FileNotFoundError", "ImportError", "ModuleNotFoundError"}
)


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train and report the logits on the held-back images before and after, shape (N, C).

    The images' labels are not here: the judge has them. Where no step is made, and a condition has
    a number above the size of the batches, it may be one on that size: the notebook's own batches
    are larger.
    """
    challenge = task["challenge"]
    stepped = Steps()
    result, runner = _train(task, challenge, seed, stepped)
    size = challenge["full_batch"]
    if not stepped.optimizers and size > challenge["batch_size"] and result["error"] is None:
        limits = limits_of(parts_of(task["program"]), runner.namespace)
        if max(limits.counts, default=0) > challenge["batch_size"]:
            order = np.resize(challenge["order"], (challenge["steps"], size))
            result, _ = _train(
                task, {**challenge, "order": order, "batch_size": size}, seed, stepped
            )
    return result


def _train(
    task: dict[str, Any], challenge: dict[str, Any], seed: int, stepped: Steps
) -> tuple[dict[str, Any], Namespace]:
    """Return what came of one training, and the notebook's names after it."""
    device = torch.device(challenge["device"])
    images = challenge["train_images"], challenge["image"], challenge["train_labels"]
    order = challenge["order"].reshape(-1)
    sizes = [challenge["batch_size"]] * challenge["steps"]
    state: dict[str, Any] = {"before": None, "steps": 0, "looping": False}
    state |= {"passes": 0, "whole": 0}
    flat = challenge["held_back"].shape[1:]
    held_back = images_tensor(challenge["held_back"], flat).to(device)

    def on_start() -> None:
        # An evaluation of the student's own reads the iterator too, without gradients; so does code
        # that looks at a batch before the loop.
        if torch.is_grad_enabled() and state["looping"]:
            state["whole"] += state["steps"] >= challenge["steps"]
            state["passes"] += 1
            if (
                stepped.optimizers
                or state["whole"] >= _MOST_WHOLE
                or state["passes"] > _MOST_PASSES
            ):
                raise Enough
            state["steps"] = 0

    def on_batch(_number: int) -> None:
        if torch.is_grad_enabled():
            state["steps"] += 1

    few = challenge["batch_size"]
    layers = challenge["layers"]
    train = Batches(Pictures(*images, order), sizes, on_batch=on_batch, on_start=on_start)
    test = Batches(Pictures(*images, np.arange(few)), [few])
    sets = {**datasets(test), "train_data": train.dataset}
    runner = Namespace(
        task["program"],
        seed,
        {
            "device": device,
            "train_batches": train,
            "test_batches": test,
            **sets,
            "batch_size": challenge["batch_size"],
            "evaluate": lambda *_args, **_kwargs: 0.5,
        },
    )
    with (
        watched_loaders((sets["train_data"], train), (sets["test_data"], test)),
        nullcontext() if challenge["gradients"] else without_gradients(),
    ):
        try:
            runner.define()
            made = noted(runner.namespace.get(task["program"]["name"]), layers)
            model = _complete(runner, task["program"], device)
            start = weights(model, layers)
            state["before"] = _logits(runner, model, held_back)
            seed_everything(seed)
            late, known = None, len(made)
            state["looping"] = True
            try:
                with suppress(Enough), fused_steps(), stepping(stepped):
                    runner.loop()
            except StudentError as error:
                # A failure after the last batch, in a print or a plot, changes no result.
                if state["steps"] < challenge["steps"]:
                    raise
                late = error.data
            # The loop may train a model that it makes itself: take the last one that changed.
            later = [(model, start), *made[known:]]
            trained = [pair for pair in later if changed(weights(pair[0], layers), pair[1])]
            model, start = (trained or later)[-1]
            now, why = weights(model, layers), reasons(model, layers, stepped)
            result = {
                "error": None,
                "late": late,
                "steps": state["steps"],
                "before": state["before"],
                "after": _logits(runner, model, held_back),
                "still": [
                    name
                    for name, was in start.items()
                    if name in now and torch.equal(was, now[name])
                ],
                "layers": len(start),
                **why,
                "device": str(device),
            }
        except StudentError as error:
            # With gradients off no step is counted, but the error has its batch all the same.
            steps = state["steps"] or train.at(error.data)
            result = {"error": error.data, "steps": steps, "before": None, "after": None}
    return result, runner


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
    _require_last(runner, names["optimizer"])
    if _lacks(runner, names["optimizer"], lambda value: hasattr(value, "step")):
        optimizer = runner.call(lambda: torch.optim.Adam(model.parameters(), lr=1e-3))
        space.update(dict.fromkeys(names["optimizer"], optimizer))
    return model


def _require_last(runner: Namespace, names: list[str]) -> None:
    """Raise the error of the last statement that gives a name its value, if it failed.

    The notebook stops there. One that lacks a name may only stand too early, and a file or a module
    may be missing here alone.
    """
    for name in names:
        error = runner.failures.get(name)
        if error is None or runner.missing or error.data["type"] in _EXCUSED:
            continue
        binding = [
            number
            for number, (statement, _) in enumerate(statements_of(runner.program))
            if any(isinstance(n, ast.Name) and n.id == name for n in _stored(statement))
        ]
        frames = error.data["frames"]
        if frames and binding and frames[0][0] == binding[-1]:
            raise error


def _stored(statement: ast.stmt) -> list[ast.AST]:
    return [n for n in ast.walk(statement) if isinstance(getattr(n, "ctx", None), ast.Store)]


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
