"""Trains the student's own model by the student's own loop, on a brief budget."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.probes.batches import Batches, datasets, images_tensor
from grader.probes.running import Enough, Runner, StudentError, seed_everything

if TYPE_CHECKING:
    from collections.abc import Callable


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train and report the logits on the held-back images before and after, shape (N, C).

    The images' labels are not here: the judge has them.
    """
    challenge = task["challenge"]
    device = torch.device(challenge["device"])
    images = images_tensor(challenge["train_images"], challenge["image"])
    labels = torch.from_numpy(challenge["train_labels"].copy())
    order = torch.from_numpy(challenge["order"].copy()).reshape(-1)
    sizes = [challenge["batch_size"]] * challenge["steps"]
    state: dict[str, Any] = {"model": None, "before": None, "steps": 0, "passes": 0}
    flat = challenge["held_back"].shape[1:]
    held_back = images_tensor(challenge["held_back"], flat).to(device)

    def on_start() -> None:
        # An evaluation of the student's own reads the iterator too, without gradients.
        if torch.is_grad_enabled():
            if state["passes"]:
                raise Enough
            state["passes"] += 1

    def on_batch(_number: int) -> None:
        if torch.is_grad_enabled():
            state["steps"] += 1

    few = challenge["batch_size"]
    layers = challenge["layers"]
    runner = Runner(
        task["program"],
        seed,
        {
            "device": device,
            "train_batches": Batches(
                images, labels, sizes, on_batch=on_batch, on_start=on_start, order=order
            ),
            "test_batches": (test := Batches(images[:few], labels[:few], [few])),
            **datasets(test),
            "evaluate": lambda *_args, **_kwargs: 0.5,
        },
    )
    try:
        runner.define()
        made = _noted(runner.namespace.get(task["program"]["name"]), layers)
        model = _complete(runner, task["program"], device)
        weights = _weights(model, layers)
        state["before"] = _logits(runner, model, held_back)
        seed_everything(seed)
        late, known = None, len(made)
        try:
            with suppress(Enough):
                runner.loop()
        except StudentError as error:
            # What fails when all batches are trained on, a print or a plot, changes nothing.
            if state["steps"] < challenge["steps"]:
                raise
            late = error.data
        # A function that makes its own model trains that one.
        model, weights = made[-1] if len(made) > known else (model, weights)
        now = _weights(model, layers)
        return {
            "error": None,
            "late": late,
            "steps": state["steps"],
            "before": state["before"],
            "after": _logits(runner, model, held_back),
            "still": [
                name for name, was in weights.items() if name in now and torch.equal(was, now[name])
            ],
            "layers": len(weights),
            "device": str(device),
        }
    except StudentError as error:
        return {"error": error.data, "steps": state["steps"], "before": None, "after": None}


def _weights(model: Any, layers: list[str]) -> dict[str, torch.Tensor]:
    """Return copies of the named layers' parameters, by names such as ``lin_1.weight``."""
    found = {}
    for layer in layers:
        for name in ("weight", "bias"):
            value = getattr(getattr(model, layer, None), name, None)
            if isinstance(value, torch.Tensor):
                found[f"{layer}.{name}"] = value.detach().to("cpu", copy=True)
    return found


def _noted(cls: Any, layers: list[str]) -> list[tuple[Any, dict[str, torch.Tensor]]]:
    """Return a list to which every model is added that is made of the class from now on.

    Beside each stand its layers' parameters as they were then.
    """
    made: list[tuple[Any, dict[str, torch.Tensor]]] = []
    original = getattr(cls, "__init__", None)
    if not isinstance(cls, type) or original is None:
        return made

    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append((self, _weights(self, layers)))

    cls.__init__ = noted  # type: ignore[misc]
    return made


def _complete(runner: Runner, program: dict[str, Any], device: torch.device) -> Any:
    """Return the student's model; what the notebook's own lines did not make is made here."""
    names = program["roles"]
    space = runner.namespace
    cls: Any = space.get(program["name"])
    model: Any = next(
        (space[n] for n in names["model"] if isinstance(space.get(n), nn.Module)), None
    )
    if model is None:
        model = _made(runner, names["model"], lambda: cls().to(device))
        space.update(dict.fromkeys(names["model"], model))
    runner.call(lambda: model.to(device).train())
    if not any(isinstance(space.get(n), nn.Module) for n in names["loss"]):
        space.update(dict.fromkeys(names["loss"], nn.CrossEntropyLoss()))
    if not any(isinstance(space.get(n), torch.optim.Optimizer) for n in names["optimizer"]):
        optimizer = _made(
            runner, names["optimizer"], lambda: torch.optim.Adam(model.parameters(), lr=1e-3)
        )
        space.update(dict.fromkeys(names["optimizer"], optimizer))
    return model


def _made(runner: Runner, names: list[str], make: Callable[[], Any]) -> Any:
    """Return what ``make`` makes in place of a line of the notebook's that failed.

    Where that fails as well, it is the line's failure that a student can do something about.
    """
    try:
        return runner.call(make)
    except StudentError:
        own = next((runner.forgiven[name] for name in names if name in runner.forgiven), None)
        if own is not None:
            raise own from None
        raise


def _logits(runner: Runner, model: nn.Module, images: torch.Tensor) -> Any:
    def evaluate() -> Any:
        was_training = model.training
        model.eval()
        with torch.no_grad():
            logits = model(images)
        model.train(was_training)
        return logits

    logits = runner.call(evaluate)
    if not isinstance(logits, torch.Tensor) or logits.numel() > 2_000_000 or logits.is_complex():
        return None
    return logits.detach().to("cpu", torch.float32).numpy()
