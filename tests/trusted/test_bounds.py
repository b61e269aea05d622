"""What a notebook costs the process that judges it has bounds, and past them is a named error."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from grader.errors import NotebookError
from grader.notebook import bounds
from grader.notebook.bounds import TooMuchCodeError
from grader.notebook.read import parse_notebook
from tests.notebooks import code
from tests.trusted.code_shapes import BLOCKS, EXPRESSIONS
from tests.trusted.counting import counted
from tests.trusted.notebooks import (
    BLOCK_PLACES,
    EXPRESSION_PLACES,
    in_answer,
    in_cell,
    in_class,
    in_evaluation,
    in_loop,
    in_rate,
    packed,
)
from tests.trusted.through import located, prepared, reported

if TYPE_CHECKING:
    from grader.report import Report

INSIDE = {"the class": in_class, "func_eval": in_evaluation, "the loop": in_loop, "a cell": in_cell}


@pytest.mark.parametrize("place", INSIDE)
@pytest.mark.parametrize("shape", ["names", "one line", "tries", "withs"])
def test_statements_count_at_every_level(place, shape, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_STATEMENTS", 400)
    monkeypatch.setattr(bounds, "_SHORT", 0)
    block = BLOCKS[shape](9_000)
    with pytest.raises(TooMuchCodeError, match="more than 400 statements") as refused:
        located(packed(INSIDE[place](block)))
    assert "person" in refused.value.hint


@pytest.mark.parametrize("shape", ["a list", "arguments", "attributes", "or", "comparisons"])
def test_names_and_values_count(shape, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_NODES", 3_000)
    for put in EXPRESSION_PLACES.values():
        value = "[" + ",".join([EXPRESSIONS[shape](200)] * 40) + "]"
        with pytest.raises(TooMuchCodeError, match="more than 3,000 names"):
            located(packed(put(value)))


def test_pieces_that_do_not_parse_count_as_statements(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_STATEMENTS", 400)
    with pytest.raises(TooMuchCodeError, match="statements"):
        located(packed(code(["a b\nx = 1\n" * 9] * 50)))


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("a;" * 80_000, "100,000 words and signs"),
        ("\n" * 50_001 + "a", "50,000 lines"),
        ("f'" + "{a}" * 5_001 + "'", "5,000 braces"),
        ("#" * 500_001, "500 kB"),
    ],
)
def test_text_that_is_too_long_is_not_parsed(source, what):
    with counted() as calls, pytest.raises(NotebookError, match=what):
        parse_notebook(packed(code([source])), "n.ipynb")
    assert calls.count < 200_000  # the words are counted


# The rest is among the slow tests.
ONCE_SQUARE = ["methods that loop", "functions that update", "a chain of loaders"]
SIZE = 6_000


def _calls(shape: str, place: str, size: int) -> int:
    prepared()
    data = packed(BLOCK_PLACES[place](BLOCKS[shape](size)))
    # A named error is an end, too.
    with counted() as calls, suppress(NotebookError):
        located(data)
    return calls.count


def _grows_in_proportion(shape: str, place: str, size: int) -> None:
    # What is read once for all counts for none: the first of these is not the same as the second.
    _calls("names", "a cell", 2)
    nothing = _calls("names", "a cell", 2)
    once, twice = (_calls(shape, place, n) - nothing for n in (size, 2 * size))
    # In the square of the size it would be four times as much.
    assert twice < 3 * max(once, 10_000), (once, twice)


@pytest.mark.parametrize("shape", ONCE_SQUARE)
def test_twice_the_code_takes_twice_as_long(shape):
    _grows_in_proportion(shape, "a cell", SIZE // 3)


@pytest.mark.weekly
@pytest.mark.parametrize("shape", BLOCKS)
def test_no_shape_of_a_few_pages_takes_more_than_seconds(shape):
    """Of what grows faster at first, the caps see to the rest; Python makes millions a second."""
    calls = {place: _calls(shape, place, SIZE) for place in BLOCK_PLACES}
    assert max(calls.values()) < 10_000_000, calls


def _reported(data: bytes) -> Report | str:
    """Return the report, or the hint of the named error."""
    try:
        return reported(data)[1]
    except NotebookError as error:
        return error.hint or ""


# Deep enough for each of Python's own functions that write, dump or walk a tree to give up.
DEPTHS = [2, 40, 140, 160, 320, 450, 900, 3_000]


@pytest.mark.parametrize("shape", ["terms", "calls in calls"])
def test_a_given_line_of_hundreds_of_terms_costs_no_report(shape):
    assert _reported(packed(in_rate(EXPRESSIONS[shape](900))))


@pytest.mark.weekly
@pytest.mark.parametrize("shape", EXPRESSIONS)
def test_no_depth_of_any_construct_costs_a_report(shape):
    """What is too deep is no Python to us, and costs its own statement alone."""
    unit = max(1, len(EXPRESSIONS[shape](700)) // 100)
    for depth in DEPTHS:
        for put in (in_rate, in_answer):
            assert _reported(packed(put(EXPRESSIONS[shape](depth * unit)))), depth
