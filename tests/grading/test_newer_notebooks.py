"""A notebook of a newer Python loses no point for the version that grades it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import changed

PRINT = "        print(f'epoch {epoch}: loss {loss_val_avg:.3f}, '"
NESTED = (
    PRINT,
    "        h = {'loss': [1.0]}\n        print(f'epoch {epoch}: {h['loss'][-1]:.3f}, '",
)
DIVIDE = "        val_accr = n_correct / n_total"
TRY = f"        try:\n    {DIVIDE}\n        except ValueError, TypeError:\n            raise"
RIGHT = {
    "quotes in an f-string": ("3.12.4", NESTED),
    "type parameters": ("3.13.0", ("def func_eval(model", "def func_eval[T](model")),
    "exceptions without brackets": ("3.14.1", (DIVIDE, TRY)),
}


def of(version: str, find: str, replace: str) -> dict[str, Any]:
    notebook = changed(find, replace)
    notebook["metadata"]["language_info"] = {"name": "python", "version": version}
    return notebook


@pytest.mark.parametrize(("version", "change"), RIGHT.values(), ids=RIGHT)
def test_newer_words_cost_nothing(version: str, change: tuple[str, str], grade: Any) -> None:
    assert grade(of(version, *change)).score == 100


def test_what_the_students_own_python_does_not_read_is_an_error(grade: Any) -> None:
    report = grade(of("3.10.2", *NESTED))
    assert [c.status.value for c in report.checks if c.id == "step_order"] == ["error"]


def test_a_mistake_beside_newer_words_is_one(grade: Any) -> None:
    notebook = of("3.12.4", *NESTED)
    report = grade(changed("loss_out.backward()\n", "loss_out.backward(\n", notebook))
    (finding,) = next(c.findings for c in report.checks if c.id == "step_order")
    assert (finding.code, finding.blank) == ("syntax_error", 6)


def test_what_nothing_here_reads_is_the_graders_fault(grade: Any) -> None:
    average = "loss_val_avg = loss_val_sum / len(train_iter)"
    report = grade(of("3.15.0", average, "loss_val_avg = [*it for it in [[1.0]]][0]"))
    assert report.internal_error
    found = {c.id: c.findings[0].code for c in report.checks if c.findings}
    assert found == {"step_order": "needs_newer_python", "learns": "needs_newer_python"}
    assert all(c.score == c.max_score for c in report.checks if c.id not in found)
