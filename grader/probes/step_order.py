"""Observes the student's training loop on the judge's model, loss, optimizer and batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.borrowing import standing_for
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.pictures import Pictures
from grader.probes.doubles.stand_ins import StandInModel
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.recording.passes import (
    by_forward,
    cycled,
    drawn_ahead,
    only_training,
    training_passes,
)
from grader.probes.recording.under_way import UnderWay
from grader.probes.recording.watching import Log, watched


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Run the loop once with each of the challenge's optimizers.

    Per run: the exception that ended it and which batch of which pass was under way, the events,
    the parameters after each batch (K + 1, P), the gradient that each ``backward`` added and the
    one that each ``step`` used (at most K each, P), the optimizers' names, what they were set to,
    and which of them made each step, in the order of appearance.
    """
    return {"runs": [_run(task, optimizer, seed) for optimizer in task["challenge"]["optimizers"]]}


def _run(task: dict[str, Any], kind: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge = task["challenge"]
    log = Log(challenge["per_step"], challenge["lit"])
    images, labels, shape = challenge["images"], challenge["labels"], challenge["image"]
    classes = len(list(challenge["weights"].values())[-1][1])
    data = Pictures(images, shape, labels, classes=classes)
    model = StandInModel(
        challenge["weights"],
        challenge["no_ops"],
        challenge["interface"],
        log.forward,
        lambda: log.add("reset"),
    )

    in_hand = UnderWay(log)
    opened = 0

    def on_batch(number: int) -> None:
        in_hand.draws(number)
        # An evaluation of the student's own reads the same iterator, without gradients.
        if torch.is_grad_enabled():
            log.states.append(log.flat(model.parameters()))
            log.add("batch")

    def on_start() -> None:
        in_hand.starts()
        if torch.is_grad_enabled():
            if len(training_passes(log.events)) >= challenge["epochs"]:
                raise Enough
            log.add("epoch", *(["inside"] if train.open > opened else []))

    train = Batches(data, challenge["sizes"], on_batch=on_batch, on_start=on_start)
    few = challenge["sizes"][:1]
    optimizer_class = getattr(torch.optim, kind["name"])
    test = Batches(
        Pictures(images, shape, labels, np.arange(few[0]), classes=classes),
        few,
        on_batch=lambda _number: log.add("test_batch") if torch.is_grad_enabled() else None,
    )
    sets = datasets(train)
    # A loop that reads the notebook's model may have others made beside it, before it begins.
    state = {"beside": "model" in task["program"]["reads"]}
    given = {
        "model": model,
        "model_class": standing_for(StandInModel, lambda: _anew(model, log, challenge, **state)),
        "loss": nn.CrossEntropyLoss(),
        "optimizer": optimizer_class(model.parameters(), **kind["options"]),
        "train_batches": train,
        "test_batches": test,
        **sets,
        "batch_size": challenge["batch_size"],
        "device": torch.device("cpu"),
        "evaluate": lambda *_args, **_kwargs: 0.5,
    }
    runner = Namespace(task["program"], seed, given)
    error: dict[str, Any] | None = None
    under_way: list[int] = []
    loaders = watched_loaders((sets["train_data"], train), (sets["test_data"], test))
    with watched(model, log), loaders:
        try:
            runner.define()
            model.borrow_from(runner.own_class())
            state["beside"] = False
            # A pass that was begun before the loop, to look at a batch, may still be open.
            opened = train.open
            runner.loop()
        except Enough:
            pass
        except StudentError as problem:
            error, under_way = problem.data, in_hand.when_stopped(train)
    log.states.append(log.flat(model.parameters()))
    if drawn_ahead(log.events) or cycled(log.events):
        most = challenge["epochs"] * len(challenge["sizes"])
        log.events = by_forward(log.events, most)
        log.states = [*log.at_forward, log.states[-1]][: most + 1]
        log.cut(sum(event[0] == "step" for event in log.events))
    events, kept = only_training(log.events)
    return {
        "error": error,
        "under_way": under_way,
        "events": events,
        "states": np.stack([log.states[k] for k in kept]),
        "fresh": _stack(log.fresh),
        "used": _stack(log.used),
        "rules": log.rules,
        "settings": log.settings,
        "makers": log.makers,
    }


def _anew(
    model: StandInModel, log: Log, challenge: dict[str, Any], *, beside: bool
) -> StandInModel:
    """Return the judge's model to a loop that builds its own, so that it is watched all the same.

    A loop that builds another one after it has begun to train starts anew, if it uses that one. A
    model made ``beside`` the trained one is not watched.
    """
    if not beside and not any(event[0] == "backward" for event in log.events):
        return model

    def used(other: nn.Module) -> None:
        log.add("reset")
        log.forward(other)

    weights, interface = challenge["weights"], challenge["interface"]
    on_forward = (lambda _other: None) if beside else used
    return StandInModel(weights, challenge["no_ops"], interface, on_forward, lambda: None)


def _stack(rows: list[np.ndarray]) -> np.ndarray | None:
    return np.stack(rows) if rows else None
