"""The rules that read from the code of a loop what leads to what was observed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from grader.checks.eval_accuracy.results import wrong_value
from grader.grading.hidden_errors import _Bare
from grader.grading.number_ranges import empty_range
from grader.grading.wrong_steps import past_the_scaler, wrong_step
from grader.notebook.syntax import walk
from tests.locate.homework import code_of

if TYPE_CHECKING:
    from grader.checks.remark import Facts


# The notebook's numbers, a range, and whether it holds no number.
RANGES = {
    "one epoch, counted from one": ("EPOCHS, every = 1, 1", "range(1, EPOCHS)", True),
    "ten epochs": ("EPOCHS, every = 10, 1", "range(1, EPOCHS)", False),
    "downwards without a step": ("n = 5", "range(n, 0)", True),
    "downwards": ("n = 5", "range(n, 0, -1)", False),
    "a sum": ("n = 5", "range(n - 5)", True),
    "no epoch": ("n = 0", "range(n)", True),
    "a name with two values": ("n = 0\nn = 5", "range(n)", False),
    "what is not known": ("n = len(x)", "range(1, n)", False),
    "another function": ("n = 0", "tqdm(n)", False),
    "a step of nothing": ("n = 0", "range(1, 5, 0)", False),
    "not a number": ("n = 'a'", "range(n)", False),
}


@pytest.mark.parametrize(("names", "call", "empty"), RANGES.values(), ids=RANGES)
def test_a_range_that_holds_no_number(names: str, call: str, empty: bool) -> None:
    assert empty_range(ast.parse(call, mode="eval").body, code_of(names)) is empty


MADE = "s = torch.optim.lr_scheduler.StepLR(optm, 1)\n"
OVER = "for p in M.parameters():\n    "
# What stands where the step should be, and the code that it gets.
STEPS = {
    "a scheduler": (MADE + "s.step()", "scheduler_steps_alone"),
    "an optimizer": ("optm = torch.optim.SGD(M.parameters(), 1)\noptm.step()", None),
    "a name bound anew": (OVER + "p = p - 0.1 * p.grad", "name_bound_anew"),
    "one of two names": (
        "for name, w in M.named_parameters():\n    w = w - w.grad",
        "name_bound_anew",
    ),
    "another name": (OVER + "q = p - 0.1 * p.grad", None),
    "the gradient added": (OVER + "p.data += 0.1 * p.grad", "climbs_by_hand"),
    "the gradient taken off": (OVER + "p.data -= 0.1 * p.grad", None),
    "minus the gradient added": (OVER + "p.data += -0.1 * p.grad", None),
    "something else added": (OVER + "p.data += 0.1", None),
}


@pytest.mark.parametrize(("source", "expected"), STEPS.values(), ids=STEPS)
def test_what_stands_where_the_step_should_be(source: str, expected: str | None) -> None:
    whole = code_of(source)
    nodes = [(s.cell, node) for s in whole.statements for node in walk(s.node)]
    found = wrong_step(nodes, whole)
    assert (found[2] if found else None) == expected


SCALED = "scaler.scale(value).backward()\n"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (SCALED + "optm.step()", "optm.step()"),
        (SCALED + "scaler.step(optm)\nscaler.update()", None),
        (SCALED + "scaler.step(optm)\nwarm.step()", None),
        ("value.backward()\noptm.step()", None),
    ],
)
def test_a_step_that_leaves_the_scaler_out(source: str, shown: str | None) -> None:
    nodes = [(s.cell, node) for s in code_of(source).statements for node in walk(s.node)]
    found = past_the_scaler(nodes)
    assert (ast.unparse(found[1]) if found else None) == shown


# Lines that catch exceptions, and what is left of them where they catch none.
CAUGHT = {
    "try:\n    a()\nexcept ValueError:\n    b()": "a()",
    "try:\n    a()\nexcept E:\n    b()\nelse:\n    c()\nfinally:\n    d()": "a()\nc()\nd()",
    "with contextlib.suppress(ValueError):\n    a()": "a()",
    "for x in y:\n    try:\n        a()\n    except:\n        continue": "for x in y:\n    a()",
    "try:\n    a()\nexcept ValueError:\n    raise": None,
    "try:\n    a()\nfinally:\n    b()": None,
    "with torch.no_grad():\n    a()": None,
}


@pytest.mark.parametrize(("source", "left"), CAUGHT.items())
def test_what_catches_exceptions_is_taken_away(source: str, left: str | None) -> None:
    assert ast.unparse(_Bare().visit(ast.parse(source))) == (source if left is None else left)


# What was returned for 90 images of which 40 are right, and what is said of it.
COUNTS = {
    0.0: "without any right answer",
    50 / 90: "50 right answers, 10 more",
    39 / 90: "39 right answers, 1 fewer",
    3.5: "never above 1",
    0.123456: "",
}


@pytest.mark.parametrize(("value", "words"), COUNTS.items())
def test_what_a_wrong_accuracy_would_be_right_for(value: float, words: str) -> None:
    about: Facts = {"images": 90, "right": 40, "drawn": 3, "batches": 3, "sizes": "30, 30, 30"}
    remark = wrong_value({"type": "float", "value": value}, 40 / 90, 4, about, None)
    assert remark is not None
    said = str(remark.facts["counted"])
    assert words in said if words else not said
