"""Cells become top-level statements; what does not parse stays text."""

from __future__ import annotations

import pytest

from grader.locate.texts import SyntaxProblem, parse
from tests.locate.homework import code_of


def lines(code):
    return [(s.cell, s.order, s.first, s.last) for s in code.statements]


def test_statements_are_numbered_through_the_notebook():
    code = code_of("a = 1\nb = (\n    2\n)", "c = 3; d = 4")
    assert lines(code) == [(1, 0, 1, 1), (1, 1, 2, 4), (2, 2, 1, 1), (2, 3, 1, 1)]
    assert [s.pick for s in code.statements] == [0, 1, 0, 1]


def test_decorators_and_magics():
    code = code_of("%matplotlib inline\n\n@first\n@second\ndef f():\n    return 1")
    assert lines(code) == [(1, 0, 1, 1), (1, 1, 3, 6)]


def test_a_slip_costs_one_statement():
    code = code_of("a = 1\n\nb = = 2\nc = 3\n\ndef f():\n    return d")
    assert lines(code) == [(1, 0, 1, 1), (1, 2, 4, 4), (1, 3, 6, 7)]
    assert code.statements[-1].node.body[0].lineno == 7
    (broken,) = code.broken
    assert (broken.cell, broken.order, broken.first, broken.last) == (1, 1, 3, 3)
    assert (broken.problem.line, broken.problem.column) == (3, 4)
    assert broken.source == "\n\nb = = 2"


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [("x = 1\ny = (", 2, 4), ("f(\n  a b\n)", 2, 2), ("'\ud800'", 1, 0), ("-" * 5_000 + "1", 1, 0)],
)
def test_a_syntax_error_is_returned(source, line, column):
    problem = parse(source)
    assert isinstance(problem, SyntaxProblem)
    assert (problem.line, problem.column) == (line, column)
    assert problem.end_column > column


def test_only_code_cells_are_code():
    assert code_of("x = 1").lines(1) == ["x = 1"]
    assert code_of("x = 1").lines(9) == [""]


def test_who_binds_changes_and_calls_what():
    code = code_of(
        "M = Net()\nM.extra = 1\nM.requires_grad_(False)",
        "def step():\n    optm.step()\n    log(x)\nbar = tqdm(train_iter, desc)",
    )
    assert [s.first for s in code.binders["M"]] == [1, 2]
    assert [s.first for s in code.changers["M"]] == [3]
    wanted = frozenset({"step", "log", "tqdm", "train_iter", "desc"})
    assert code.calls.of("step", wanted) == {"step", "log"}
    assert code.calls.of("bar", wanted) == {"tqdm", "train_iter", "desc"}
    assert code.derived.of(frozenset({"train_iter"})) == {"bar"}
