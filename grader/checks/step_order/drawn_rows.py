"""Draws a small model, and rows with targets of which it gets some right, for any form of data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from grader.checks.losses import OF_LABELS, OF_TRUTH
from grader.checks.row_forms import RowForm, features_of, row_form, widths
from grader.checks.step_order.gradients import Weights, outputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A full batch, and as many places as one may hold: of long texts a batch has fewer.
_BATCH, _LEAST, _PLACES = 32, 4, 1024
# Of so many times as many rows, while that is cheap, those are taken that the model is about so
# sure of: of a batch that it gets right the loss is small, and float32 still tells its gradient.
_CHOICE, _MOST_CHOICE = 8, 20_000
_SURE = 6.0
# More numbers than these are 0 in each row, and their weights are not watched.
_LIT = 128
_HIDDEN = 8
# The share of each batch that the model gets right; or how far its outputs are from their targets.
# A line that depends on the loss is left out somewhere.
_RIGHT = (0.0, 1.0, 0.5, 0.0, 0.9)
_OFF = (3.0, 0.03, 1.0, 3.0, 0.1)
# The scale of scores, and that of numbers which are compared with numbers.
_SCORES, _NUMBERS = 10.0, 1.5


class DrawnRows(TypedDict):
    """Rows in batches of ``sizes``, their targets, and the model with its watched inputs."""

    form: RowForm
    inputs: np.ndarray
    targets: np.ndarray
    sizes: list[int]
    weights: Weights
    lit: np.ndarray


def draw_rows(rng: np.random.Generator, options: Mapping[str, Any]) -> DrawnRows:
    """Draw rows of the form that the options describe."""
    names = options["layers"]
    form = row_form(options, rng)
    width, given = widths(form)
    places = math.prod(form["positions"] or form["target"])
    size = min(max(_PLACES // places, _LEAST), _BATCH)
    sizes = [size] * 4 + [max(3 * size // 8, 1)]
    count = sum(sizes)
    lit = np.arange(width)
    if form["table"] is None and not form["positions"] and width > _LIT:
        lit = np.sort(rng.choice(width, _LIT, replace=False))
    scale = _SCORES if form["loss"] in (OF_LABELS, OF_TRUTH) else _NUMBERS
    weights = _weights(rng, names, (width, given), len(lit), scale)
    times = max(1, min(_CHOICE, _MOST_CHOICE // (count * places)))
    inputs = _inputs(rng, form, lit, times * count)
    outputs = outputs_of(_flat(weights), _shapes(weights), features_of(form, inputs), len(inputs))
    if form["loss"] in (OF_LABELS, OF_TRUTH):
        chosen = rng.permutation(np.argsort(np.abs(_sure(form, outputs) - _SURE))[:count])
        inputs, outputs = inputs[chosen], outputs[chosen]
    else:
        inputs, outputs = inputs[:count], outputs[:count]
    targets = _targets(rng, form, outputs, sizes).reshape(count, *form["target"])
    return {
        "form": form,
        "inputs": inputs,
        "targets": targets,
        "sizes": sizes,
        "weights": weights,
        "lit": lit.astype(np.int64),
    }


def _weights(
    rng: np.random.Generator,
    names: Sequence[str],
    ends: tuple[int, int],
    lit: int,
    scale: float,
) -> Weights:
    sizes = [ends[0], *[_HIDDEN] * (len(names) - 1), ends[1]]
    weights: Weights = {}
    for name, inputs, outputs in zip(names, sizes, sizes[1:], strict=False):
        reached = inputs if weights else lit
        wide = scale if len(weights) == len(names) - 1 else _NUMBERS
        weight = rng.normal(0, wide * reached**-0.5, (outputs, inputs))
        weights[name] = (
            weight.astype(np.float32),
            rng.normal(0, 0.1, outputs).astype(np.float32),
        )
    return weights


def _inputs(rng: np.random.Generator, form: RowForm, lit: np.ndarray, count: int) -> np.ndarray:
    shape = (count, *form["input"])
    if form["table"] is not None:
        return rng.integers(0, len(form["table"]), shape).astype(np.int64)
    inputs = rng.normal(0, 1, shape).astype(np.float32)
    if not form["positions"]:
        flat = np.zeros((count, math.prod(form["input"])), np.float32)
        flat[:, lit] = inputs.reshape(count, -1)[:, lit]
        inputs = flat.reshape(shape)
    return inputs


def _sure(form: RowForm, outputs: np.ndarray) -> np.ndarray:
    """Return for each row (N,) how far the model is from changing any of its answers."""
    if form["loss"] == OF_TRUTH:
        return np.asarray(np.abs(outputs).min(axis=1))
    best = np.sort(outputs.reshape(len(outputs), -1, form["classes"]), axis=2)
    return np.asarray((best[:, :, -1] - best[:, :, -2]).min(axis=1))


def _targets(
    rng: np.random.Generator, form: RowForm, outputs: np.ndarray, sizes: Sequence[int]
) -> np.ndarray:
    if form["loss"] == OF_LABELS:
        classes = form["classes"]
        said = outputs.reshape(len(outputs), -1, classes).argmax(axis=2)
        other = (said + rng.integers(1, classes, said.shape)) % classes
    elif form["loss"] == OF_TRUTH:
        said = (outputs > 0).astype(np.float32)
        other = 1 - said
    else:
        scale = np.repeat(_OFF, sizes)[:, None]
        return np.asarray((outputs + scale * rng.normal(0, 1, outputs.shape)).astype(np.float32))
    start = 0
    for size, share in zip(sizes, _RIGHT, strict=True):
        right = start + rng.permutation(size)[: round(share * size)]
        other[right] = said[right]
        start += size
    return np.asarray(other)


def _flat(weights: Weights) -> np.ndarray:
    return np.concatenate([one.reshape(-1) for pair in weights.values() for one in pair])


def _shapes(weights: Weights) -> list[tuple[int, int]]:
    return [(weight.shape[0], weight.shape[1]) for weight, _ in weights.values()]
