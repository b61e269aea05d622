"""Arguments of every form are drawn as the rubric asks, travel as plain data, and arrive."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from grader.checks import arguments, generator
from grader.checks.arguments import ArgumentForm, draw_argument
from grader.checks.axis_sizes import size_of
from grader.decode import decode
from grader.probes.recording.values import argument, leaves, same
from grader.sandbox.wire import decode as received
from grader.sandbox.wire import encode

SIZES = {"n": 3, "d": 5}


def rows(mask: torch.Tensor) -> bool:
    return mask.dtype is torch.bool and bool(mask.any(-1).all())


# A form as a rubric has it, and what holds of the value that student code is given.
FORMS: dict[str, tuple[dict[str, Any], Any]] = {
    "normal": ({"shape": ["n", "d"]}, lambda v: v.shape == (3, 5) and v.dtype is torch.float32),
    "one number": ({}, lambda v: v.shape == ()),
    "sums": ({"shape": ["2*d", "n + 1", "d//2", 4]}, lambda v: v.shape == (10, 4, 2, 4)),
    "doubles": ({"shape": ["n"], "dtype": "float64"}, lambda v: v.dtype is torch.float64),
    "range": ({"shape": [90], "range": [2, 3]}, lambda v: v.min() >= 2 and v.max() <= 3),
    "integers": (
        {"shape": [90], "integers": [-1, "d"]},
        lambda v: v.dtype is torch.int64 and (v.min(), v.max()) == (-1, 5),
    ),
    "a plain integer": ({"integers": [2, "n"]}, lambda v: type(v) is int and 2 <= v <= 3),
    "labels": ({"shape": [90], "labels": "d"}, lambda v: set(v.tolist()) == set(range(5))),
    "a mask": ({"shape": [90, "n"], "mask": "any"}, lambda v: rows(v) and not v.all()),
    "a padding": (
        {"shape": [90, "n"], "mask": "start"},
        lambda v: rows(v) and bool((v[:, 1:] <= v[:, :-1]).all()) and not v.all(),
    ),
    "a choice": ({"choice": ["mean", "sum"]}, lambda v: v in ("mean", "sum")),
    "choices": (
        {"shape": [90], "choice": [0.5, 2]},
        lambda v: set(v.tolist()) == {0.5, 2} and v.dtype is torch.float32,
    ),
    "a truth value": ({"choice": [True, False]}, lambda v: type(v) is bool),
    "a permutation": ({"permutation": "d"}, lambda v: sorted(v.tolist()) == [0, 1, 2, 3, 4]),
    "one-hot": ({"shape": ["n"], "one_hot": "d"}, lambda v: v.sum(1).tolist() == [1, 1, 1]),
    "letters": ({"letters": "ab", "length": [4, 4]}, lambda v: len(v) == 4 and set(v) <= {*"ab"}),
    "words": (
        {"words": ["to", "be"], "length": ["n", "n"]},
        lambda v: len(v.split()) == 3 and set(v.split()) <= {"to", "be"},
    ),
    "a value": ({"value": [1, "x", {"k": None}]}, lambda v: v == [1, "x", {"k": None}]),
    "a list": (
        {"list_of": {"shape": ["n"]}, "length": [2, 2]},
        lambda v: type(v) is list and [one.shape for one in v] == [(3,), (3,)],
    ),
    "a tuple": (
        {"tuple_of": [{"shape": ["n"]}, {"integers": [1, 1]}]},
        lambda v: type(v) is tuple and v[0].shape == (3,) and v[1] == 1,
    ),
    "a dict": (
        {"dict_of": {"x": {"shape": ["d"]}, "flag": {"value": True}}},
        lambda v: v["x"].shape == (5,) and v["flag"] is True,
    ),
}


@pytest.mark.parametrize(("form", "holds"), FORMS.values(), ids=FORMS)
def test_every_form_arrives(form: dict[str, Any], holds: Any) -> None:
    read: Any = decode
    known = read(ArgumentForm, form)
    assert not list(arguments.form_errors(known, SIZES, ()))
    for seed in range(10):
        drawn = draw_argument(generator(seed, "x"), known, SIZES)
        arrived = argument(received(encode(drawn)))
        assert holds(arrived), arrived
        assert same(arrived, argument(drawn))
    other = draw_argument(generator(99, "x"), known, SIZES)
    assert same(arrived, argument(other)) or "value" not in form


WRONG = {
    "no size": ({"shape": ["m"]}, 'there is no size "m"'),
    "no expression": ({"shape": ["n("]}, '"n(" is no size'),
    "a call": ({"shape": ["len(n)"]}, '"len(n)" is no size'),
    "two sources": ({"range": [0, 1], "labels": "d"}, "range and labels exclude each other"),
    "nothing to choose": ({"choice": []}, "there is nothing to draw from"),
    "within": ({"list_of": {"shape": ["m"]}}, 'there is no size "m"'),
    "a misspelt key within": ({"tuple_of": [{"shpe": ["n"]}]}, "no such key is known"),
}


@pytest.mark.parametrize(("form", "said"), WRONG.values(), ids=WRONG)
def test_a_form_that_cannot_be_drawn_is_told(form: dict[str, Any], said: str) -> None:
    options = {"sizes": SIZES, "arguments": [{"name": "x", **form}]}
    (error,) = arguments.contradictions(options, SimpleNamespace())  # type: ignore[arg-type]
    assert error.problem == said
    assert error.path[:2] == ("arguments", 0)


def test_a_size_is_computed_from_others() -> None:
    assert size_of("(n + 1) * d - 2", SIZES) == 18
    with pytest.raises(ValueError, match="n // 0"):
        size_of("n//0", SIZES)


def test_what_comes_back_is_told_by_its_path() -> None:
    value = (torch.ones(2), [1.5, {"h": np.arange(3), 5: "x"}])
    paths = [(leaf["path"], leaf.get("type", "")) for leaf in leaves(value)]
    assert paths == [("[0]", ""), ("[1][0]", ""), ("[1][1]['h']", ""), ("[1][1][int]", "str")]
    endless: list[Any] = []
    endless.append(endless)
    assert [leaf["type"] for leaf in leaves(endless)] == ["list"]
    assert len(leaves([0] * 1000)) == 100
