"""Trains the student's own model by the student's own loop, on a brief budget."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.pictures import Pictures, images_tensor
from grader.probes.environment.absent import Absent
from grader.probes.environment.fused import fused_steps
from grader.probes.environment.no_gradients import without_gradients
from grader.probes.environment.running import Enough, Namespace, StudentError, seed_everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A loop that never makes a step must end too: after so many passes, or so many complete ones.
_MOST_PASSES = 40
_MOST_WHOLE = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train and report the logits on the held-back images before and after, shape (N, C).

    The images' labels are not here: the judge has them.
    """
    challenge = task["challenge"]
    device = torch.device(challenge["device"])
    images = challenge["train_images"], challenge["image"], challenge["train_labels"]
    order = challenge["order"].reshape(-1)
    sizes = [challenge["batch_size"]] * challenge["steps"]
    state: dict[str, Any] = {"before": None, "steps": 0, "looping": False}
    state |= {"passes": 0, "whole": 0}
    stepped: list[torch.optim.Optimizer] = []
    flat = challenge["held_back"].shape[1:]
    held_back = images_tensor(challenge["held_back"], flat).to(device)

    def on_start() -> None:
        # An evaluation of the student's own reads the iterator too, without gradients; so does code
        # that looks at a batch before the loop.
        if torch.is_grad_enabled() and state["looping"]:
            state["whole"] += state["steps"] >= challenge["steps"]
            state["passes"] += 1
            if stepped or state["whole"] >= _MOST_WHOLE or state["passes"] > _MOST_PASSES:
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
            made = _noted(runner.namespace.get(task["program"]["name"]), layers)
            model = _complete(runner, task["program"], device)
            weights = _weights(model, layers)
            state["before"] = _logits(runner, model, held_back)
            seed_everything(seed)
            late, known = None, len(made)
            state["looping"] = True
            try:
                with suppress(Enough), _stepping(stepped), fused_steps():
                    runner.loop()
            except StudentError as error:
                # A failure after the last batch, in a print or a plot, changes no result.
                if state["steps"] < challenge["steps"]:
                    raise
                late = error.data
            # The loop may train a model that it makes itself: take the last one that changed.
            later = [(model, weights), *made[known:]]
            trained = [pair for pair in later if _changed(_weights(pair[0], layers), pair[1])]
            model, weights = (trained or later)[-1]
            now = _weights(model, layers)
            return {
                "error": None,
                "late": late,
                "steps": state["steps"],
                "before": state["before"],
                "after": _logits(runner, model, held_back),
                "still": [
                    name
                    for name, was in weights.items()
                    if name in now and torch.equal(was, now[name])
                ],
                "layers": len(weights),
                **_reasons(model, layers, stepped),
                "device": str(device),
            }
        except StudentError as error:
            # With gradients off no step is counted, but the error has its batch all the same.
            steps = state["steps"] or train.at(error.data)
            return {"error": error.data, "steps": steps, "before": None, "after": None}


@contextmanager
def _stepping(stepped: list[torch.optim.Optimizer]) -> Iterator[None]:
    """Keep in ``stepped`` the optimizer that made the last step, while this lasts."""

    def note(optimizer: Any, _args: Any, _kwargs: Any) -> None:
        stepped[:] = [optimizer]

    hook = register_optimizer_step_pre_hook(note)
    try:
        yield
    finally:
        hook.remove()


def _reasons(model: Any, layers: list[str], stepped: list[torch.optim.Optimizer]) -> dict[str, Any]:
    """Return what may keep a model from learning.

    Parameters that are frozen or not held by the optimizer, no learning rate, steps uphill.
    """
    named = dict(_parameters(model, layers))
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


def _weights(model: Any, layers: list[str]) -> dict[str, torch.Tensor]:
    """Return copies of the named layers' parameters, by names such as ``lin_1.weight``."""
    return {name: p.detach().to("cpu", copy=True) for name, p in _parameters(model, layers)}


def _parameters(model: Any, layers: list[str]) -> Iterator[tuple[str, torch.Tensor]]:
    for layer in layers:
        for name in ("weight", "bias"):
            value = getattr(getattr(model, layer, None), name, None)
            if isinstance(value, torch.Tensor):
                yield f"{layer}.{name}", value


def _changed(now: dict[str, torch.Tensor], was: dict[str, torch.Tensor]) -> bool:
    return any(name in now and not torch.equal(value, now[name]) for name, value in was.items())


def _noted(cls: Any, layers: list[str]) -> list[tuple[Any, dict[str, torch.Tensor]]]:
    """Return a list that gets every new object of the class, with its initial parameters."""
    made: list[tuple[Any, dict[str, torch.Tensor]]] = []
    original = getattr(cls, "__init__", None)
    if not isinstance(cls, type) or original is None:
        return made

    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append((self, _weights(self, layers)))

    cls.__init__ = noted  # type: ignore[misc]
    return made


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
