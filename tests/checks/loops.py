"""Training loops made up in numpy: what a probe would have seen of them, in milliseconds."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.assignment import load_assignment
from grader.checks.step_order import judge
from grader.checks.step_order.challenge import draw
from grader.checks.step_order.gradients import true_gradient
from grader.checks.step_order.optimizers import updates
from grader.checks.step_order.watched import parameter_slices, watched_layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.checks.remark import Remark

    Order = str | Callable[[int, int], str]
    Change = Callable[[np.ndarray], np.ndarray]

CHECK = next(c for c in load_assignment("mlp").checks if c.id == "step_order")
_ADAM = {"beta_1": 0.9, "beta_2": 0.999, "eps": 1e-8}


@cache
def challenge() -> Any:
    """One drawn challenge; nobody changes it."""
    return draw(np.random.default_rng(1), CHECK)


def run(
    order: Order,
    rule: str = "SGD",
    *,
    epochs: int = 2,
    rate: Callable[[int], float] = lambda _step: 1.0,
    loss: float = 1.0,
    used: Change = lambda gradient: gradient,
    frozen: str = "",
) -> dict[str, Any]:
    """What is seen of a loop that does ``order`` with each batch: of an epoch and a number, from 0.

    Letters stand for f(orward), z(ero_grad), b(ackward) and s(tep). The learning rate of a step is
    multiplied by ``rate``, the loss by ``loss``; ``used`` changes a gradient before its step.
    """
    drawn = challenge()
    options = next(one["options"] for one in drawn["optimizers"] if one["name"] == rule)
    layers = watched_layers(drawn)
    shapes = [weight.shape for weight, _ in layers.values()]
    still = [part for name, part in parameter_slices(drawn).items() if frozen and frozen in name]
    names = list(parameter_slices(drawn))
    bounds = list(pairwise(np.cumsum([0, *drawn["sizes"]])))
    now = np.concatenate([a.reshape(-1) for pair in layers.values() for a in pair])
    states: list[np.ndarray] = []
    taken: list[tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]] = []
    held, fresh = np.zeros_like(now), None
    there = False
    events: list[list[Any]] = []
    for epoch in range(epochs):
        events.append(["epoch"])
        for number, (first, last) in enumerate(bounds):
            does = order if isinstance(order, str) else order(epoch, number)
            states.append(now)
            events.append(["batch"])
            for letter in does:
                if letter == "f":
                    events.append(["forward", True, True])
                elif letter == "z":
                    events.append(["zero_grad", True, there])
                    held, there = np.zeros_like(now), False
                elif letter == "b":
                    left = names if held.any() else []
                    events.append(["backward", not left, *left])
                    inputs = drawn["inputs"][first:last, drawn["lit"]] / 255.0
                    labels = drawn["targets"][first:last]
                    fresh = (loss * true_gradient(now, shapes, inputs, labels)).astype(np.float32)
                    for part in still:
                        fresh[part] = 0
                    held, there = held + fresh, True
                elif letter == "s":
                    events.append(["step"])
                    settings = {**(_ADAM if rule == "Adam" else {}), **options}
                    settings["lr"] *= rate(len(taken))
                    added = np.zeros_like(now) if fresh is None else fresh
                    held = used(held)
                    taken.append((added, held, now, settings))
                    fresh = None
                    gradients = np.stack([entry[1] for entry in taken])
                    before = np.stack([entry[2] for entry in taken])
                    steps = updates(rule, gradients, before, [entry[3] for entry in taken])
                    now = (now + steps[-1]).astype(np.float32)
    states.append(now)
    return {
        "error": None,
        "under_way": [],
        "events": events,
        "states": np.stack(states),
        "fresh": np.stack([entry[0] for entry in taken]) if taken else None,
        "used": np.stack([entry[1] for entry in taken]) if taken else None,
        "rules": [rule] * len(taken),
        "settings": [entry[3] for entry in taken],
        "makers": [0] * len(taken),
    }


def both(order: Order, **how: Any) -> dict[str, Any]:
    """The observation of a loop: a run with each optimizer."""
    return {"runs": [run(order, one["name"], **how) for one in challenge()["optimizers"]]}


@cache
def reference() -> Any:
    """What is seen of the solved loop."""
    return both("fzbs")


def judged(observed: Any) -> list[Remark]:
    return judge.judge(observed, reference(), CHECK, challenge())


def codes(observed: Any) -> list[tuple[str, str]]:
    """The codes of a judgement with their severities."""
    return [(remark.code, remark.severity.value) for remark in judged(observed)]
