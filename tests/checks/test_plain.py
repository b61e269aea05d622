"""Values of plain Python: described in a worker, made again outside, compared and shown."""

from __future__ import annotations

from collections import Counter, OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
import torch

from grader.checks.own_forms import form_problem, plain
from grader.checks.plain import OtherObject, difference, readable, rebuilt, shown
from grader.checks.schema import Array
from grader.probes.recording.plain import described
from grader.sandbox import wire

Point = namedtuple("Point", "x y")  # noqa: PYI024
KEPT = [
    *(None, True, False, 0, -5, 10**400, 1.5, float("inf"), 2 + 3j, "", "a  b\n", "한글", b"\x00a"),
    *([], [1, [2, (3,)]], (1,), {1, 2}, frozenset("ab"), {"a": {1: None}, (1, 2): [0.5]}),
]


def _through(value: Any) -> Any:
    return rebuilt(wire.decode(wire.encode(described(value))))


@pytest.mark.parametrize("value", KEPT)
def test_plain_values_arrive_as_they_are(value: Any) -> None:
    arrived = _through(value)
    assert arrived == value
    assert type(arrived) is type(value)
    assert difference(arrived, value) is None
    assert shown(arrived)


@pytest.mark.parametrize(
    ("value", "arrived"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (Point(1, 2), (1, 2)),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(1), True),
        (range(3), OtherObject("range", items=(0, 1, 2))),
        ((n for n in "ab"), OtherObject("generator", items=("a", "b"))),
        (object(), OtherObject("object")),
        (set(range(3000)), OtherObject("set", "too large")),
        ("x" * 30_000, OtherObject("str", "too large")),
        (list(range(30_000)), OtherObject("list", "too large")),
        (1 << 9000, OtherObject("int", "too large")),
    ],
)
def test_other_values_arrive_as_what_they_derive_from_or_by_name(value: Any, arrived: Any) -> None:
    assert _through(value) == arrived


def test_what_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "too deep" in repr(vars(_innermost(_through(endless))))


def _innermost(value: Any) -> Any:
    while isinstance(value, list):
        value = value[0]
    return value


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool, torch.bfloat16])
def test_tensors_arrive_as_arrays_of_their_kind(dtype: torch.dtype) -> None:
    arrived = _through(torch.tensor([[1, 0], [1, 1]]).to(dtype))
    assert arrived.shape == (2, 2)
    assert arrived.dtype.kind == {torch.int64: "i", torch.bool: "b"}.get(dtype, "f")


@pytest.mark.parametrize(
    "forged",
    [
        *(None, [], {}, {"type": "none"}, {"type": "int", "digits": "xyz"}),
        *({"type": "int", "digits": "1" * 5000}, {"type": "bool", "value": 1}),
        *({"type": "set", "items": [{"type": "list", "items": []}]}, {"type": "list"}),
        *(
            {"type": "set", "items": [{"type": "NoneType"}] * 3000},
            {"type": "complex", "parts": [[], 1]},
        ),
        {"type": "dict", "keys": [], "values": [{"type": "NoneType"}]},
        *({"type": "ndarray", "array": [1], "dtype": "int64"}, {"type": "bytes", "digits": "0"}),
        {"type": "ndarray", "array": np.zeros(1), "dtype": "S1000000000"},
    ],
)
def test_what_no_probe_sends_is_refused(forged: Any) -> None:
    assert not readable(forged)


@pytest.mark.parametrize(
    ("got", "wanted", "what", "path"),
    [
        (1, 1.0, None, ""),
        (0.1 + 0.2, 0.3, None, ""),
        (float("nan"), float("nan"), None, ""),
        (1, True, "type", ""),
        ("1", 1, "type", ""),
        ([1], (1,), "type", ""),
        ([1, 2], [1], "length", ""),
        ([1, {"a": 2}], [1, {"a": 3}], "value", "[1]['a']"),
        ({"a": 1}, {"b": 1}, "keys", ""),
        ({1}, {2}, "value", ""),
        (np.zeros(2), np.zeros(3), "shape", ""),
        (np.zeros(2), np.zeros(2, int), "dtype", ""),
        (np.array([np.nan]), np.zeros(1), "value", ""),
        (10**400, 1.5, "value", ""),
    ],
)
def test_the_first_difference_is_told(got: Any, wanted: Any, what: str | None, path: str) -> None:
    found = difference(got, wanted)
    assert (found and (found.what, found.path)) == (what and (what, path))


def test_types_may_count_as_one() -> None:
    assert difference([1], (1,), alike=[("list", "tuple")]) is None
    assert difference({1}, (1,), alike=[("list", "tuple")]) is not None


@pytest.mark.parametrize(
    ("form", "value", "at"),
    [
        (list[int], [1, 2], None),
        (list[int], [1, "2"], " at [1]"),
        (dict[str, float], {"a": 1}, None),
        (dict[str, float], {"a": None}, " at ['a']"),
        (tuple[int, str], (1, "a"), None),
        (tuple[int, ...], (1, "a"), " at [1]"),
        (tuple[int, str], (1,), ""),
        (set[int], {1}, None),
        (int | None, None, None),
        (Any, object(), None),
        (Array, np.zeros(2, int), None),
        (Array, 3, ""),
    ],
)
def test_a_value_is_held_against_a_declared_form(form: Any, value: Any, at: str | None) -> None:
    found = form_problem(form, value)
    assert (found and found["at"]) == at


@pytest.mark.parametrize("value", [object(), {1: 2}, {1, 2}, np.array(["a"]), 2**70, [[[object]]]])
def test_what_cannot_be_sent_is_told(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is a|too large|an array of|no text"):
        plain(value)
