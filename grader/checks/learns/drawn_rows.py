"""Draws rows to train on, and a rule that their targets follow: no notebook has seen it before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from grader.checks.losses import OF_LABELS, OF_TRUTH
from grader.checks.row_forms import RowForm, row_form, widths

if TYPE_CHECKING:
    from collections.abc import Mapping

# So many rows are held back, of fewer numbers than a worker may send in all.
_HELD_BACK, _MOST_NUMBERS = 500, 500_000
# Rows of more numbers are made of so many that are drawn: what depends on all is learned slowly.
_RANK = 8
# By so many numbers each a rule tells tokens apart where a row of them has one target.
_TOKEN = 4


class DrawnTask(TypedDict):
    """Rows with their targets to train on, and others that are held back, with theirs kept."""

    form: RowForm
    inputs: np.ndarray
    targets: np.ndarray
    held_back: np.ndarray
    kept: np.ndarray


def draw_rows(rng: np.random.Generator, options: Mapping[str, Any], count: int) -> DrawnTask:
    """Draw a rule, ``count`` rows to train on and others to hold back.

    Each number of an output is a sum of a row's numbers, or of one number for each of its tokens,
    times factors that are drawn; where each place has a target of its own, of the numbers there. A
    label is the number of the largest output, and of the two truth values it is the sign.
    """
    form = row_form(options, rng)
    numbers = math.prod(form["target"]) * max(form["classes"], 1)
    held_back = max(min(_HELD_BACK, _MOST_NUMBERS // numbers), 2)
    ids = len(form["table"]) if form["table"] is not None else 0
    width, given = widths(form)
    if ids:
        inputs = rng.integers(0, ids, (count + held_back, *form["input"])).astype(np.int64)
        factors = rng.normal(0, 1, (ids, _TOKEN)) @ rng.normal(0, _TOKEN**-0.5, (_TOKEN, given))
        factors -= factors.mean(axis=0)
        outputs = factors[inputs]
        if not form["positions"]:
            outputs = outputs.reshape(len(inputs), -1, given).sum(axis=1)
            outputs /= math.prod(form["input"]) ** 0.5
        elif form["classes"]:
            # As many tokens for one class as for another.
            labels = rng.permutation(ids) % form["classes"]
            outputs = np.eye(form["classes"])[labels][inputs]
    else:
        places = math.prod(form["positions"])
        rank = width if width <= 2 * _RANK else _RANK
        drawn = rng.normal(0, 1, ((count + held_back) * places, rank))
        factors = rng.normal(0, 1, (rank, given))
        outputs = drawn @ (factors / np.linalg.norm(factors, axis=0))
        rows = drawn if rank == width else drawn @ rng.normal(0, rank**-0.5, (rank, width))
        inputs = _laid_out(form, rows)
    targets = _targets(form, outputs.reshape(len(inputs), -1))
    return {
        "form": {**form, "table": None},
        "inputs": inputs[:count],
        "targets": targets[:count],
        "held_back": inputs[count:],
        "kept": targets[count:],
    }


def _laid_out(form: RowForm, rows: np.ndarray) -> np.ndarray:
    """Return rows of numbers, one for each place, as inputs (N, *input)."""
    rows = rows.astype(np.float32)
    if not form["positions"]:
        return rows.reshape(-1, *form["input"])
    placed = rows.reshape(-1, *form["positions"], rows.shape[1])
    channels_first = form["features"] == "first"
    return np.ascontiguousarray(np.moveaxis(placed, -1, 1) if channels_first else placed)


def _targets(form: RowForm, outputs: np.ndarray) -> np.ndarray:
    shape = (len(outputs), *form["target"])
    if form["loss"] == OF_LABELS:
        labels = outputs.reshape(len(outputs), -1, form["classes"]).argmax(axis=2)
        return np.asarray(labels.reshape(shape), np.int64)
    if form["loss"] == OF_TRUTH:
        return np.asarray(outputs > 0, np.float32).reshape(shape)
    return np.asarray(outputs, np.float32).reshape(shape)
