"""Mistakes in loops whose optimizer is of a class of the notebook's own: named all the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.grading.forms_of_optimizers import (
    LOOPS,
    SAM,
    SCHEDULED,
    SWITCHED,
    UPDATING,
    with_optimizer,
)

SWAPPED = "loss_out.backward()\noptm.zero_grad()\noptm.step_and_update_lr()"
UPDATE = "an optimizer with the whole update"


def update(name: str, old: str, new: str = "") -> dict[str, Any]:
    made, lines = LOOPS[name]
    assert old in made + lines
    return with_optimizer(made.replace(old, new), lines.replace(old, new))


CASES = [
    (update("an update in two steps", "\noptm.second_step()"), "missing_step"),
    (update("an optimizer that sets its rate", "optm.zero_grad()\n"), "missing_zero_grad"),
    (
        update(UPDATE, "        self.zero_grad()\n"),
        "missing_zero_grad",
    ),
    (update(UPDATE, "        self.step()\n"), "missing_step"),
    (update("an optimizer with modes", "optm.zero_grad()\n"), "missing_zero_grad"),
    (
        with_optimizer(
            SCHEDULED, "loss_out.backward()\noptm.zero_grad()\noptm.step_and_update_lr()"
        ),
        "cleared_before_step",
    ),
]


@pytest.mark.parametrize(("notebook", "code"), CASES, ids=range(len(CASES)))
def test_a_mistake_has_its_name(notebook: dict[str, Any], code: str, grade: Any) -> None:
    check = next(c for c in grade(notebook).checks if c.id == "step_order")
    assert [f.code for f in check.findings] == [code]
    assert check.score == 0


@pytest.mark.parametrize("made", [SAM, SCHEDULED, UPDATING, SWITCHED])
def test_what_the_class_lacks_is_said_of_that_class(made: str, grade: Any) -> None:
    report = grade(with_optimizer(made, "loss_out.backward()\noptm.first_stepp()"))
    check = next(c for c in report.checks if c.id == "step_order")
    name = made.split("class ")[1].partition(":")[0].partition("(")[0]
    assert f"'{name}' object has no attribute 'first_stepp'" in check.findings[0].message
