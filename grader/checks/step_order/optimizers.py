"""The update rules of PyTorch's optimizers in numpy.

A worker says how an optimizer is set; the judge computes what it then does to the parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Hyperparameters = dict[str, float]
OptimizerState = dict[str, Any]

# Settings of averages and of momentum: each of them is below 1.
_SHARES = ("momentum", "dampening", "beta_1", "beta_2", "alpha", "rho")
# The settings that a rule needs beside the rate; rules that are not here are kinds of Adam.
_NEEDED = {
    "Adadelta": ("rho", "eps"),
    "Adagrad": ("eps",),
    "NAdam": ("beta_1", "beta_2", "eps", "momentum_decay"),
    "RMSprop": ("alpha", "eps"),
    "SGD": (),
}


def usable(rule: str, settings: Hyperparameters) -> bool:
    """Whether the rule is known, and descends along the gradient with these settings."""
    numbers = list(settings.values())
    return (
        rule in RULES
        and set(_NEEDED.get(rule, ("beta_1", "beta_2", "eps"))) | {"lr"} <= set(settings)
        and bool(np.isfinite(numbers).all())
        and min(numbers) >= 0
        and all(settings.get(name, 0) < 1 for name in _SHARES)
        and not settings.get("maximize", 0)
    )


def updates(
    rule: str, gradients: np.ndarray, parameters: np.ndarray, settings: Sequence[Hyperparameters]
) -> np.ndarray:
    """Return the change that each step of an optimizer makes (K, P), for its gradients (K, P).

    ``parameters`` (K, P) are those before each step. ``settings`` are those of each step, which
    schedulers change, and have to be ``usable``.
    """
    memory: OptimizerState = {}
    changes = []
    rows = zip(settings, gradients.astype(np.float64), parameters.astype(np.float64), strict=True)
    for k, (one, given, where) in enumerate(rows, start=1):
        decay = one.get("weight_decay", 0)
        decoupled = rule == "AdamW" or bool(one.get("decoupled_weight_decay", 0))
        gradient = given if decoupled else given + decay * where
        change = RULES[rule](one, gradient, memory, k)
        changes.append(change - one["lr"] * decay * where if decoupled else change)
    return np.stack(changes)


def _sgd(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    momentum = settings.get("momentum", 0)
    kept = 1 - settings.get("dampening", 0) if k > 1 else 1
    mean = memory["mean"] = momentum * memory.get("mean", 0) + kept * gradient
    way = gradient + momentum * mean if settings.get("nesterov", 0) else mean
    return np.asarray(-settings["lr"] * way)


def _averages(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState
) -> tuple[np.ndarray, np.ndarray]:
    """Return the running averages of gradients and of their squares, not bias-corrected."""
    first, second = settings["beta_1"], settings["beta_2"]
    memory["mean"] = first * memory.get("mean", 0) + (1 - first) * gradient
    memory["square"] = second * memory.get("square", 0) + (1 - second) * gradient**2
    return memory["mean"], memory["square"]


def _adam(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    mean, square = _averages(settings, gradient, memory)
    if settings.get("amsgrad", 0):
        square = memory["largest"] = np.maximum(memory.get("largest", 0), square)
    mean = mean / (1 - settings["beta_1"] ** k)
    square = square / (1 - settings["beta_2"] ** k)
    return np.asarray(-settings["lr"] * mean / (np.sqrt(square) + settings["eps"]))


def _nadam(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    mean, square = _averages(settings, gradient, memory)
    now, then = (
        settings["beta_1"] * (1 - 0.5 * 0.96 ** (n * settings["momentum_decay"]))
        for n in (k, k + 1)
    )
    product = memory["product"] = memory.get("product", 1) * now
    way = (1 - now) / (1 - product) * gradient + then / (1 - product * then) * mean
    square = square / (1 - settings["beta_2"] ** k)
    return np.asarray(-settings["lr"] * way / (np.sqrt(square) + settings["eps"]))


def _radam(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    mean, square = _averages(settings, gradient, memory)
    second = settings["beta_2"]
    way = mean / (1 - settings["beta_1"] ** k)
    most = 2 / (1 - second) - 1
    length = most - 2 * k * second**k / (1 - second**k)
    if length > 5:  # the average of the squares is long enough to be divided by
        share = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
        way = way * share**0.5 * (1 - second**k) ** 0.5 / (np.sqrt(square) + settings["eps"])
    return np.asarray(-settings["lr"] * way)


def _adamax(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    first = settings["beta_1"]
    mean = memory["mean"] = first * memory.get("mean", 0) + (1 - first) * gradient
    largest = memory["largest"] = np.maximum(
        settings["beta_2"] * memory.get("largest", 0), np.abs(gradient) + settings["eps"]
    )
    return np.asarray(-settings["lr"] / (1 - first**k) * mean / largest)


def _rmsprop(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, _k: int
) -> np.ndarray:
    alpha, momentum = settings["alpha"], settings.get("momentum", 0)
    square = memory["square"] = alpha * memory.get("square", 0) + (1 - alpha) * gradient**2
    if settings.get("centered", 0):
        mean = memory["mean"] = alpha * memory.get("mean", 0) + (1 - alpha) * gradient
        square = np.maximum(square - mean**2, 0)
    way = gradient / (np.sqrt(square) + settings["eps"])
    way = memory["way"] = momentum * memory.get("way", 0) + way
    return np.asarray(-settings["lr"] * way)


def _adagrad(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, k: int
) -> np.ndarray:
    start = settings.get("initial_accumulator_value", 0)
    square = memory["square"] = memory.get("square", start) + gradient**2
    rate = settings["lr"] / (1 + (k - 1) * settings.get("lr_decay", 0))
    return np.asarray(-rate * gradient / (np.sqrt(square) + settings["eps"]))


def _adadelta(
    settings: Hyperparameters, gradient: np.ndarray, memory: OptimizerState, _k: int
) -> np.ndarray:
    rho, eps = settings["rho"], settings["eps"]
    square = memory["square"] = rho * memory.get("square", 0) + (1 - rho) * gradient**2
    way = np.sqrt(memory.get("ways", 0) + eps) / np.sqrt(square + eps) * gradient
    memory["ways"] = rho * memory.get("ways", 0) + (1 - rho) * way**2
    return np.asarray(-settings["lr"] * way)


# Each returns a step's change (P,) for its settings, its gradient (P,), the optimizer's state and
# the number of the step, from 1.
RULES: dict[str, Callable[[Hyperparameters, np.ndarray, OptimizerState, int], np.ndarray]] = {
    "Adadelta": _adadelta,
    "Adagrad": _adagrad,
    "Adam": _adam,
    "AdamW": _adam,
    "Adamax": _adamax,
    "NAdam": _nadam,
    "RAdam": _radam,
    "RMSprop": _rmsprop,
    "SGD": _sgd,
}
