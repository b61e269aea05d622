"""What may be a part, and what is chosen among several."""

from __future__ import annotations

from grader.locate.candidates import candidates_for, preference
from grader.locate.roles import infer_roles
from tests.locate.homework import EVALUATION, HOMEWORK, MODEL, TRAINING, code_of, indented

CLASS, FUNCTION, LOOP = HOMEWORK.parts
SECOND = TRAINING.replace("M(", "M2(").replace("optm", "optm2")


def ranked(part, *cells):
    """Return cell and rank of each candidate."""
    code = code_of(*cells)
    found = candidates_for(part, code, HOMEWORK, infer_roles(code, HOMEWORK))
    return [(candidate.found.cell, candidate.rank) for candidate in found]


def chosen(part, *cells):
    """Return the cell of the best candidate."""
    code = code_of(*cells)
    found = candidates_for(part, code, HOMEWORK, infer_roles(code, HOMEWORK))
    return max(found, key=preference).found.cell


def test_a_class_is_known_by_its_name_or_by_its_attributes():
    renamed = MODEL.replace("Net", "MyNet")
    assert ranked(CLASS, MODEL, renamed, "class Other:\n    pass") == [(1, 3), (2, 2)]


def test_a_class_that_is_reopened_is_the_earlier_one():
    reopened = "class Net(Net):\n    def extra(self): pass"
    assert ranked(CLASS, MODEL, reopened) == [(1, 3)]
    assert ranked(CLASS, reopened) == [(1, 1)]


def test_a_function_is_known_by_its_name_or_by_its_calls_and_a_blank():
    renamed = EVALUATION.replace("accuracy", "evaluate")
    silent = renamed.replace("    model.eval()\n", "")
    assert ranked(FUNCTION, EVALUATION, renamed, silent) == [(1, 3), (2, 2)]


def test_a_loop_is_known_by_its_updates():
    assert ranked(LOOP, TRAINING, "for x, y in train_iter: optm.step()") == [(1, 4), (2, 2)]


def test_a_loop_in_a_function_that_nothing_calls_comes_after_one_that_runs():
    defined = f"def train():\n{indented(TRAINING)}"
    assert ranked(LOOP, defined, TRAINING) == [(2, 4)]
    assert ranked(LOOP, defined, "train()") == [(1, 4)]
    assert ranked(LOOP, defined) == [(1, 4)]


def test_text_that_does_not_parse_is_known_by_its_words():
    assert ranked(CLASS, MODEL.replace("4, 2", "4 2")) == [(1, 3)]
    assert ranked(CLASS, MODEL.replace("4, 2", "4 2").replace("Net", "MyNet")) == []
    assert ranked(FUNCTION, EVALUATION.replace("== y", "= = y")) == [(1, 3)]
    assert ranked(LOOP, TRAINING.replace("step()", "step(")) == [(1, 4)]
    assert ranked(LOOP, "for x, y in other:\n    optm.step(") == []


def test_the_last_of_equals_is_chosen():
    assert chosen(CLASS, MODEL, MODEL) == 2
    assert chosen(LOOP, TRAINING, TRAINING) == 2


def test_the_name_goes_before_the_place():
    assert chosen(CLASS, MODEL, MODEL.replace("Net", "MyNet")) == 1


def test_the_loop_over_the_notebooks_own_model_is_chosen():
    own = "M2 = Net()\noptm2 = SGD(M2.parameters())"
    assert chosen(LOOP, own, TRAINING, SECOND) == 2


def test_the_arguments_of_a_call_tell_what_a_function_trains():
    body = TRAINING.replace("M(", "model(").replace("optm", "opt")
    train = f"def train(model, opt):\n{indented(body)}"
    again = train.replace("train(", "retrain(")
    assert chosen(LOOP, train, again, "train(M, optm)", "retrain(M2, optm2)") == 1
