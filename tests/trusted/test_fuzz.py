"""Any notebook ends in a report or a named error, the same each time, at a bounded cost.

GRADER_FUZZ_MINUTES=60 pytest -m weekly tests/trusted/test_fuzz.py
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.errors import NotebookError
from tests.notebooks import solved, text
from tests.trusted.code_shapes import BLOCKS, EXPRESSIONS, TEXTS
from tests.trusted.counting import counted
from tests.trusted.notebooks import BLOCK_PLACES, EXPRESSION_PLACES, TEXT_PLACES, packed
from tests.trusted.through import prepared, reported

_MINUTES = float(os.environ.get("GRADER_FUZZ_MINUTES", "10"))
# The solved notebook takes 60,000 calls; these are small ones, so thirty times that is a square.
_MOST_CALLS = 3_000_000
_LARGEST = 3_000

_SIZES = st.integers(1, _LARGEST)
_CODE = [text(cell) for cell in solved()["cells"] if cell["cell_type"] == "code"]
_PIECES = sorted({line for source in _CODE for line in source.split("\n")})
_MARKS = st.sampled_from(
    [
        *"()[]{}:;,=\\'\"#@%!?*.\n\t\f \r",
        "'''",
        '"""',
        "f'{",
        "\n    ",
        "\u0301",
        "가",
        "\ud800",
        "\0",
    ]
)


def _shaped() -> st.SearchStrategy[dict[str, Any]]:
    """Shapes of any size, one in another, in any place."""
    values = st.builds(lambda make, n: make(n), st.sampled_from([*EXPRESSIONS.values()]), _SIZES)
    blocks = st.builds(lambda make, n: make(n), st.sampled_from([*BLOCKS.values()]), _SIZES)
    texts = st.builds(lambda make, n: make(n), st.sampled_from([*TEXTS.values()]), _SIZES)
    several = st.lists(blocks, min_size=1, max_size=3).map("".join)
    mixed = st.builds("{}x = {}\n{}".format, blocks, values, blocks)
    return st.one_of(
        st.builds(lambda put, v: put(v), st.sampled_from([*EXPRESSION_PLACES.values()]), values),
        st.builds(
            lambda put, b: put(b), st.sampled_from([*BLOCK_PLACES.values()]), several | mixed
        ),
        st.builds(lambda put, t: put(t), st.sampled_from([*TEXT_PLACES.values()]), texts | mixed),
    )


@st.composite
def _mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The solved notebook with pieces of its own code cut, doubled, moved and spoilt."""
    notebook = solved()
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for _ in range(draw(st.integers(1, 6))):
        target = draw(st.sampled_from(cells))
        source = text(target)
        at = draw(st.integers(0, len(source)))
        end = min(len(source), at + draw(st.integers(0, 60)))
        piece = draw(
            st.one_of(
                _MARKS,
                st.sampled_from(_PIECES),
                st.text(max_size=8),
                st.just(source[at:end] * 2),
                st.builds(lambda mark, n: mark * n, _MARKS, st.integers(1, 300)),
            )
        )
        target["source"] = source[:at] + piece + source[end:]
    order = draw(st.permutations(notebook["cells"])) if draw(st.booleans()) else notebook["cells"]
    return {**notebook, "cells": list(order)}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below),
    max_leaves=8,
)


@st.composite
def _of_any_form(draw: st.DrawFn) -> dict[str, Any]:
    """The solved notebook with any JSON in the place of some of its values."""
    notebook = solved()
    for _ in range(draw(st.integers(1, 3))):
        table: Any = notebook
        while True:
            keys = list(table) if isinstance(table, dict) else list(range(len(table)))
            key = draw(st.sampled_from(keys))
            below = table[key]
            if not isinstance(below, (dict, list)) or not below or draw(st.integers(0, 3)) == 0:
                break
            table = below
        table[key] = draw(_JSON)
        assume(notebook["cells"])
    return notebook


NOTEBOOKS = _mutated() | _shaped() | _of_any_form()


def _told(data: bytes) -> str:
    """Return all that a report says, or the error."""
    try:
        submission, report = reported(data)
    except NotebookError as error:
        return f"{error.message} {error.hint}"
    return json.dumps([report.to_json(), sorted(submission.parts)], default=str)


def _holds(notebook: dict[str, Any]) -> None:
    data = packed(notebook)
    prepared()
    with counted() as calls:
        told = _told(data)
    assert told.isprintable()
    assert calls.count < _MOST_CALLS
    assert _told(data) == told


_USUAL = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@given(NOTEBOOKS)
@settings(_USUAL, max_examples=3, derandomize=True)
def test_any_notebook_has_a_report_or_a_named_error(notebook: dict[str, Any]) -> None:
    _holds(notebook)


@pytest.mark.weekly
def test_any_notebook_for_an_hour() -> None:
    until = time.monotonic() + 60 * _MINUTES

    @given(NOTEBOOKS)
    @settings(_USUAL, max_examples=200)
    def many(notebook: dict[str, Any]) -> None:
        _holds(notebook)

    while time.monotonic() < until:
        many()
