"""The form of a value is compared with a type, exactly."""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np
import pytest

from grader.checks.schema import Array, Failed, Matrix, RaisedError, Vector, has_form

ERROR = {"type": "ValueError", "message": "boom", "frames": [[0, 3]]}


class Seen(TypedDict):
    number: float
    flags: list[str | bool]
    settings: dict[str, float]
    rows: Vector | None


SEEN = {"number": 1, "flags": ["a", True], "settings": {"lr": 0.1}, "rows": np.zeros(2)}


@pytest.mark.parametrize(
    "value", [SEEN, SEEN | {"rows": None}, SEEN | {"flags": [], "settings": {}, "number": np.inf}]
)
def test_a_value_of_the_form(value: Any) -> None:
    assert has_form(Seen, value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {**SEEN, "more": 1},
        {key: item for key, item in SEEN.items() if key != "flags"},
        SEEN | {"number": True},
        SEEN | {"number": np.float64(1)},
        SEEN | {"flags": ("a",)},
        SEEN | {"flags": [1]},
        SEEN | {"flags": ["a"] * 10_001},
        SEEN | {"settings": {"lr": "0.1"}},
        SEEN | {"rows": np.zeros((2, 2))},
        SEEN | {"rows": np.zeros(2, dtype=int)},
        SEEN | {"rows": [0.0]},
        type("Sub", (dict,), {})(SEEN),
    ],
)
def test_a_value_of_another_form(value: Any) -> None:
    assert not has_form(Seen, value)


def test_a_key_that_may_be_absent() -> None:
    assert has_form(RaisedError, ERROR)
    assert has_form(RaisedError, ERROR | {"cause": "NameError: x"})
    assert not has_form(RaisedError, ERROR | {"cause": None})
    assert has_form(list[Failed], [{"error": ERROR}])


def test_the_axes_of_an_array() -> None:
    flat, square = np.zeros(2), np.zeros((2, 2))
    assert [has_form(form, flat) for form in (Array, Vector, Matrix)] == [True, True, False]
    assert [has_form(form, square) for form in (Array, Vector, Matrix)] == [True, False, True]
