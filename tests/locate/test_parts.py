"""Where the parts of a homework are, in the forms that students hand in."""

from __future__ import annotations

import ast

import pytest

from grader.locate.parts import neutralised
from grader.locate.sites import BlankState
from tests.locate.homework import EVALUATION, HOMEWORK, MODEL, TRAINING, indented, located

TRAIN = f"def train():\n{indented(TRAINING)}"


def cells(part):
    return [statement.cell for statement in part.statements]


def states(part):
    return {site.number: site.state for site in part.blanks}


def answered(*numbers):
    return dict.fromkeys(numbers, BlankState.ANSWERED)


def test_the_solved_notebook():
    parts = located(MODEL, EVALUATION, TRAINING)
    assert {name: (p.name, p.cell, p.first, p.last) for name, p in parts.items()} == {
        "model": ("Net", 1, 1, 4),
        "evaluation": ("accuracy", 2, 1, 6),
        "training": ("", 3, 1, 5),
    }
    found = {number: state for part in parts.values() for number, state in states(part).items()}
    assert found == answered(1, 2, 3, 4, 5)
    assert not any(part.never_called or part.problem for part in parts.values())


def test_all_in_one_cell_and_indented():
    parts = located(indented(MODEL + EVALUATION + TRAINING))
    assert [(p.cell, p.first) for p in parts.values()] == [(1, 1), (1, 5), (1, 11)]


def test_a_part_that_is_not_there():
    assert set(located(MODEL, "print(1)")) == {"model"}
    assert located("") == {}


def test_a_renamed_class():
    part = located(MODEL.replace("Net", "Mlp"))["model"]
    assert part.name == "Mlp"
    assert states(part) == answered(1)


def test_the_last_of_two_definitions_counts():
    part = located(MODEL, MODEL.replace("4, 2", "8, 2"))["model"]
    assert part.cell == 2
    assert part.blank(1).answer == "8, 2"
    assert part.blank(2) is None


def test_a_loop_in_a_function_runs_with_its_last_call():
    part = located(TRAIN, "train()", "history = train()")["training"]
    assert (part.name, part.cell, cells(part)) == ("train", 1, [1, 3])
    assert not part.never_called
    assert states(part) == answered(3, 4, 5)


def test_a_loop_in_a_function_that_nothing_calls():
    part = located(TRAIN)["training"]
    assert cells(part) == [1]
    assert part.never_called


def test_updates_in_a_helper_are_not_in_the_loops_blanks():
    helper = "def update(x, y):\n    loss(M(x), y).backward()\n    optm.step()\n"
    part = located(helper, "for x, y in train_iter:\n    update(x, y)")["training"]
    assert (part.cell, cells(part)) == (2, [2])
    assert set(states(part).values()) == {BlankState.ABSENT}


@pytest.mark.parametrize(
    ("name", "cell", "number", "line"),
    [
        ("model", MODEL.replace("4, 2", "4 2"), 1, 4),
        ("evaluation", EVALUATION.replace("== y", "= y"), 2, 5),
        ("training", TRAINING.replace("optm.zero_grad()", "optm.zero_grad("), 3, 3),
        ("training", TRAINING.replace("loss_out.backward", "loss_out backward"), 4, 4),
        ("training", TRAINING.replace("optm.step()", "optm.step())"), 5, 5),
    ],
)
def test_a_syntax_error_in_a_blank_costs_that_blank(name, cell, number, line):
    part = located(cell)[name]
    wrong = part.blank(number)
    assert (wrong.state, wrong.line) == (BlankState.SYNTAX_ERROR, line)
    assert wrong.problem.line == line
    assert part.problem is None
    others = {site.number: site.state for site in part.blanks if site.number != number}
    assert others == answered(*others)


def test_two_syntax_errors_are_both_found_on_their_lines():
    broken = TRAINING.replace("zero_grad()", "zero_grad())").replace("step()", "step())")
    part = located(broken)["training"]
    assert states(part)[4] is BlankState.ANSWERED
    lines = {site.number: site.line for site in part.blanks if site.problem}
    assert lines == {3: 3, 5: 5}


def test_a_part_that_no_neutral_blank_makes_readable():
    part = located(MODEL.replace("__init__(self):", "__init__(self:"))["model"]
    assert part.statements == ()
    assert part.problem is not None
    assert states(part) == {1: BlankState.SYNTAX_ERROR}
    assert not part.never_called


def test_broken_text_goes_behind_a_complete_definition():
    broken = MODEL.replace("4, 2", "4 2")
    assert located(MODEL, broken)["model"].cell == 1
    empty = MODEL.replace("4, 2", "")
    assert located(empty, broken)["model"].cell == 2


def test_one_blank_neutralised():
    part = located("\n" + TRAINING)["training"]
    changed = neutralised(part, HOMEWORK, [3])
    node = changed.statements[0].node
    assert ast.unparse(node.body[1]) == "pass"
    assert [statement.lineno for statement in node.body] == [3, 4, 5, 6]
    assert changed.blanks == part.blanks


def test_a_neutralised_blank_in_a_function_keeps_its_call():
    part = located("x = 1\n" + TRAIN, "train()")["training"]
    changed = neutralised(part, HOMEWORK, [3, 5])
    assert cells(changed) == [1, 2]
    assert ast.unparse(changed.statements[0].node).count("pass") == 2


def test_what_cannot_be_neutralised():
    absent = located(TRAINING.replace("    optm.zero_grad()\n", ""))["training"]
    assert neutralised(absent, HOMEWORK, [3]) is None
    assert neutralised(absent, HOMEWORK, [99]) is None
    unreadable = located(MODEL.replace("__init__(self):", "__init__(self:"))["model"]
    assert neutralised(unreadable, HOMEWORK, []) is None
