"""Remarks that cost nothing, on a training after which the model has learned enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.remark import Remark, raised
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

# So many images of a class are called something else by no chance.
_MANY = 10


def beside_passing(
    observed: Mapping[str, Any], after: np.ndarray, labels: np.ndarray, classes: int, given: int
) -> list[Remark]:
    """Return what a student should know all the same where the model has learned enough."""
    late = observed.get("late")
    if late:
        number = observed.get("late_batch", 0)
        again = 0 < number < given  # the last of all may be the one before it was raised
        when = f"on batch {number} of the next epoch" if again else "after the last batch"
        return [replace(raised(late, when=when), severity=Severity.WARNING)]
    return _never_named(after, labels, classes) if classes else []


def _never_named(after: np.ndarray, labels: np.ndarray, classes: int) -> list[Remark]:
    """Return that a class is never the answer, though many images are of it."""
    answers = np.bincount(after.argmax(axis=1), minlength=classes)
    there = np.bincount(labels, minlength=classes)
    for one in np.flatnonzero((answers[:classes] == 0) & (there[:classes] >= _MANY)):
        facts: dict[str, str | int] = {"class": int(one), "images": int(there[one])}
        return [Remark("class_never_named", Severity.WARNING, facts=facts)]
    return []
