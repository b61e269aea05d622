"""Where a blank is in its part, and what stands in it."""

from __future__ import annotations

import pytest

from grader.locate.sites import BlankState, Span
from tests.locate.homework import EVALUATION, MODEL, TRAINING, located

LAYER, COUNT = "nn.Linear(4, 2)", "(model(x).argmax(1) == y).sum().item()"


def layer(written):
    return located(MODEL.replace(LAYER, written))["model"].blank(1)


@pytest.mark.parametrize(
    ("written", "answer", "line", "column"),
    [
        ("nn.Linear(4, 2)", "4, 2", 4, 29),
        ("torch.nn.Linear(in_features=4, out_features=2)", "in_features=4, out_features=2", 4, 35),
        ("nn.Linear(\n            4, 2  # as many\n        )", "4, 2  # as many", 5, 12),
        ("nn.Linear(\n            # FILL IN HERE\n            4, 2\n        )", "4, 2", 6, 12),
        ("make_layer()", "make_layer()", 4, 19),
        ("nn.Linear('가', 2)", "'가', 2", 4, 29),
    ],
)
def test_the_answer_in_an_expression(written, answer, line, column):
    site = layer(written)
    assert (site.state, site.answer) == (BlankState.ANSWERED, answer)
    assert (site.line, site.span.column) == (line, column)


@pytest.mark.parametrize(
    ("written", "answer", "line"),
    [
        ("nn.Linear()", "", 4),
        ("nn.Linear(\n            # FILL IN HERE\n        )", "", 5),
        ("()", "()", 4),
        ("...", "...", 4),
    ],
)
def test_an_empty_expression(written, answer, line):
    site = layer(written)
    assert (site.state, site.answer, site.line) == (BlankState.EMPTY, answer, line)


def test_columns_count_characters():
    site = located(MODEL.replace("self.lin", "가 = '나'; self.lin"))["model"].blank(1)
    assert site.span == Span(4, 38, 4, 42)


def test_the_statement_around_an_answer():
    site = located(EVALUATION)["evaluation"].blank(2)
    assert site.answer == "model(x).argmax(1) == y"
    assert site.statement == Span(5, 8, 5, 8 + len(f"right += {COUNT}"))


def test_the_last_of_several_answers_counts():
    twice = TRAINING.replace("    optm.step()", "    optm.step()\n    optm.step()")
    assert located(twice)["training"].blank(5).line == 6


def test_the_first_pattern_that_fits_goes_before_a_later_one():
    both = EVALUATION.replace(f"right += {COUNT}", f"right += {COUNT}\n        right += 0")
    assert located(both)["evaluation"].blank(2).line == 5


def test_an_absent_statement():
    site = located(TRAINING.replace("    optm.zero_grad()\n", ""))["training"].blank(3)
    assert (site.state, site.line, site.own_statement) == (BlankState.ABSENT, 0, True)
    assert (site.span, site.statement, site.outside) == (None, None, False)


def test_a_comment_shows_where_an_absent_statement_would_be():
    site = located(TRAINING.replace("optm.zero_grad()", "# zero_grad"))["training"].blank(3)
    assert (site.state, site.line) == (BlankState.ABSENT, 3)


def test_an_absent_expression_is_no_statement_of_its_own():
    attribute = MODEL.replace("self.lin = nn.Linear(4, 2)", "self.lin, self.b = nn.Linear(4, 2), 1")
    absent = located(attribute)["model"].blank(1)
    assert (absent.state, absent.own_statement, absent.outside) == (BlankState.ABSENT, False, False)


@pytest.mark.parametrize(("below", "outside"), [("optm.step()", True), ("print(1)", False)])
def test_a_statement_below_the_loop_is_outside(below, outside):
    loop = TRAINING.replace("    optm.step()\n", "")
    site = located(f"{loop}{below}")["training"].blank(5)
    assert (site.state, site.outside) == (BlankState.ABSENT, outside)
    assert site.line == (5 if outside else 0)
