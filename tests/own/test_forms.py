"""How a student is told of the form that an own check asks for."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import numpy as np
import pytest

from grader.checks.own_forms import form_problem
from grader.checks.schema import Array


class Lines(TypedDict):
    lines: list[tuple[Array, ...]]


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (Array, None, "an array"),
        (tuple[Array, Array], None, "a pair of arrays"),
        (tuple[Array, Array, Array], None, "a tuple of 3 arrays"),
        (tuple[Array, ...], None, "a tuple of arrays"),
        (tuple[Array, float], None, "a tuple of an array and a number"),
        (list[str], None, "a list of texts"),
        (list[tuple[float, float]], None, "a list of pairs of numbers"),
        (dict[str, int], None, "a dict of whole numbers"),
        (list[Array | None], None, "a list of an array or None each"),
        (Array | None, "x", "an array or None"),
        (Literal["up", "down"], "x", "'up' or 'down'"),
        (float, "x", "a number"),
        (bool, "x", "True or False"),
        (Lines, {"lines": [None]}, "a tuple of arrays"),
    ],
)
def test_what_is_asked_for_in_words(form: Any, value: Any, expected: str) -> None:
    problem = form_problem(form, value)
    assert problem is not None
    assert problem["expected"] == expected


def test_what_has_the_form_has_no_problem() -> None:
    assert form_problem(tuple[Array, Array], (np.ones(2), np.ones(1))) is None
