"""A part with a syntax error is read at the cost of as few blanks as possible."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from grader.locate.recovery import recover, with_neutral
from grader.locate.texts import parse
from tests.locate.homework import EVALUATION, HOMEWORK, MODEL, TRAINING

BLANKS = {part.id: HOMEWORK.blanks_of(part.id) for part in HOMEWORK.parts}


def neutral_lines(source, part):
    """Return for each blank that was replaced its line, and what stands there now."""
    recovered = recover(source, BLANKS[part], parse(source))
    ast.parse(recovered.source)
    assert recovered.source.count("\n") == source.count("\n")
    text = recovered.source.split("\n")
    return {number: (line, text[line - 1].strip()) for number, line in recovered.lines.items()}


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ("zero_grad()", "zero_grad(", {3: (3, "pass")}),
        ("loss_out.backward()", "loss_out backward()", {4: (4, "pass")}),
        ("optm.step()", "optm.step())", {5: (5, "pass")}),
    ],
)
def test_one_blank_of_three(old, new, replaced):
    assert neutral_lines(TRAINING.replace(old, new), "training") == replaced


def test_two_blanks_of_three():
    broken = TRAINING.replace("zero_grad()", "zero_grad(").replace("step()", "step(")
    assert neutral_lines(broken, "training") == {3: (3, "pass"), 5: (5, "pass")}


def test_an_expression_over_several_lines():
    broken = MODEL.replace("(4, 2)", "(\n            4 2\n        )") + "    size = 1\n"
    assert neutral_lines(broken, "model") == {1: (4, "self.lin = None")}
    assert "size = 1" in recover(broken, BLANKS["model"], parse(broken)).source


def test_the_last_line_that_a_statement_may_be_is_tried_first():
    twice = TRAINING + "    optm.step(\n"
    assert neutral_lines(twice, "training") == {5: (6, "pass")}


def test_comments_about_a_blank_are_not_the_blank():
    comments = "        # right += 1\n" * 5
    broken = EVALUATION.replace("        right +=", f"{comments}        right +=")
    broken = broken.replace("== y", "= = y")
    assert neutral_lines(broken, "evaluation") == {2: (10, "right += 0")}


@pytest.mark.parametrize(
    "source",
    [MODEL.replace("__init__(self):", "__init__(self:"), "class Net(:\n    pass", "'''"],
)
def test_an_error_outside_the_blanks(source):
    assert recover(source, BLANKS["model"], parse(source)) is None


def test_a_search_that_is_too_long_is_given_up(monkeypatch):
    broken = TRAINING.replace("step()", "step(")
    assert recover(broken, BLANKS["training"], parse(broken)) is not None
    monkeypatch.setattr("grader.locate.recovery._MOST_TEXT", 2 * len(broken))
    elsewhere = replace(parse(broken), line=1)
    assert recover(broken, BLANKS["training"], elsewhere) is None


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [(2, 2, "for x in y:\n\tpass\n\tb(\n\t)\n"), (3, 4, "for x in y:\n\ta\n\tpass\n\n")],
)
def test_no_line_number_changes(first, last, text):
    assert with_neutral("for x in y:\n\ta\n\tb(\n\t)\n", first, last, "pass") == text
