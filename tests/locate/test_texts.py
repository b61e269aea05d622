"""A cell that does not parse is cut into pieces: one mistake costs one piece, and is named once."""

from __future__ import annotations

import ast

import pytest

from grader.locate.split_cells import split_statement
from grader.locate.texts import CONFLICT, SyntaxProblem, merge_marks, parsed_texts

LOOP = "for a in b:\n    one()\n    two()\n    three()\n"
MARKED = "<<<<<<< local\n    two()\n=======\n    other()\n>>>>>>> remote\n"


def problems(source: str) -> list[tuple[int, int, int]]:
    """Return first line, last line and the problem's line of each piece that does not parse."""
    pieces = parsed_texts(source)
    return [(f, last, tree.line) for f, last, _, tree in pieces if isinstance(tree, SyntaxProblem)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (LOOP, []),
        # A line of the loop at the left margin: the first, one in the middle, several.
        (LOOP.replace("    one()", "one()"), [(1, 4, 2)]),
        (LOOP.replace("    two()", "two()"), [(1, 4, 3)]),
        (LOOP.replace("    one()\n    two()", "one()\ntwo()"), [(1, 4, 3)]),
        # The last line at the margin stands below the loop, and is no error.
        (LOOP.replace("    three()", "three()"), []),
        # What could not run in the block above does not belong to it.
        ("def f():\n    return 1\nx = 1\n    y = 2", [(3, 4, 4)]),
        ("x = 1\ny = 1\n    z = 2", [(2, 3, 3)]),
        # The marks of a merge in a loop, and those around whole statements.
        (LOOP.replace("    two()\n", MARKED), [(1, 8, 3)]),
        (LOOP + MARKED.replace("    ", ""), [(5, 9, 5)]),
        ("x = (\n" + LOOP, [(1, 1, 1)]),
    ],
)
def test_pieces_that_do_not_parse(source, found):
    assert problems(source) == found


def test_marks_are_named_as_such():
    tree = parsed_texts(LOOP.replace("    two()\n", MARKED))[0][3]
    assert isinstance(tree, SyntaxProblem)
    assert tree.message == CONFLICT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MARKED, [(1, 3, 5)]),
        (MARKED.replace("=======", "||||||| base\n    none()\n======="), [(1, 3, 7)]),
        (MARKED + MARKED, [(1, 3, 5), (6, 8, 10)]),
        ("=======\nx = 1", []),
        ("<<<<<<< local\nx = 1", []),
        ("x = 1 <<<<<<<", []),
    ],
)
def test_merge_marks(text, found):
    assert merge_marks(text.split("\n")) == found


@pytest.mark.parametrize(
    ("upper", "lower", "line"),
    [
        ("for a in b:\n    for c in d:\n        one()", "        two()\n    three()", 1),
        (
            "class A:\n    def f(self):\n        one()",
            "        two()\n    def g(self):\n        f()",
            1,
        ),
        ("f(1,", "    2)", 1),
    ],
)
def test_a_cell_that_was_split(upper, lower, line):
    found = split_statement(upper, lower, 7)
    assert found is not None
    _, text, problem = found
    ast.parse(text)
    assert (problem.cell, problem.line) == (7, line)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("for a in b:\n    one()", "    two()"),  # runs by itself, as IPython reads it
        ("for a in b:\n    one()", "# %%\n    two()\nprint(a)"),
        ("for a in b:\n    one()", "two("),
        ("x = 1", "    two()\nthree()"),
        ("    for a in b:\n        one()", "    two()\n  three()"),
        ("", "    two()\nthree()"),
    ],
)
def test_a_cell_that_was_not(upper, lower):
    assert split_statement(upper, lower, 7) is None
