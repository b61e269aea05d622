"""Every listed mistake gets its verdict and its name, every listed alternative full marks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader import words
from grader.assignment import all_assignments
from grader.audit.arrows import wrong_arrows
from grader.audit.cases import right_answers
from grader.audit.model import Case, CaseKind, cell
from grader.grading.solved import edited
from grader.notebook.read import read_notebook
from grader.report import Status
from grader.template import without_markers
from tests.grading.own_words import in_other_words
from tests.notebooks import changed, code, write

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment, Edit, Mistake
    from grader.report import Report

ASSIGNMENTS = all_assignments()
ANSWERS = {one.id: right_answers(one) for one in ASSIGNMENTS}
SOLVED = {one.id: read_notebook(one.reference) for one in ASSIGNMENTS}
# At least so many of each, and wrong answers in every blank.
# What an assignment has to list that is not named below.
FEWEST_MISTAKES, FEWEST_ALTERNATIVES = 25, 12
MISTAKES = {"mlp": 40, "linear_regression": 25}
ALTERNATIVES = {"mlp": 25, "linear_regression": 15}


def notebook(edits: tuple[Edit, ...], assignment: Assignment) -> dict[str, Any]:
    """The solved notebook with some edits, as a student would hand it in."""
    variant = edited(SOLVED[assignment.id], edits, assignment)
    cells = [replace(cell, source=without_markers(cell.source)) for cell in variant.cells]
    return code([cell.source for cell in cells if cell.kind == "code"])


def statuses(report: Report) -> dict[str, str]:
    """The status of each check but those that a person has to grade yet."""
    return {c.id: c.status.value for c in report.checks if c.status is not Status.NEEDS_GRADING}


def full(report: Report) -> float:
    """All points but those that a person has to give yet."""
    return sum(c.max_score for c in report.checks if c.status is not Status.NEEDS_GRADING)


def lost(report: Report) -> dict[str, str]:
    return {check: status for check, status in statuses(report).items() if status != "passed"}


def codes(report: Report) -> set[str]:
    return {f.code for c in report.checks for f in c.findings}


def wrongly_pointed(report: Report, mistake: Mistake, one: Assignment) -> list[str]:
    """The findings that point at a right answer, or elsewhere than their entry tells."""
    case = Case(CaseKind.MISTAKE, "", "", SOLVED[one.id], (mistake,), ANSWERS[one.id])
    return wrong_arrows(case, [cell(check) for check in report.checks], one)


def listed(what: str) -> list[Any]:
    """Every entry of one list, of all assignments, named for the test's report.

    One in twelve every day, all of them before a merge, as by ``grade audit``.
    """
    return [
        pytest.param(
            one,
            entry,
            id=f"{one.id}: {getattr(entry, 'label', '') or entry.title}",
            marks=pytest.mark.slow if number % 12 else (),
        )
        for one in ASSIGNMENTS
        for number, entry in enumerate(getattr(one, what))
    ]


assignments = pytest.mark.parametrize("one", ASSIGNMENTS, ids=lambda one: one.id)


@assignments
def test_there_are_enough(one: Assignment) -> None:
    assert len(one.mistakes) >= MISTAKES.get(one.id, FEWEST_MISTAKES)
    assert {m.blank for m in one.mistakes} - {None} == {blank.number for blank in one.blanks}
    assert len(one.alternatives) >= ALTERNATIVES.get(one.id, FEWEST_ALTERNATIVES)


@assignments
def test_the_solved_notebook_gets_full_marks(one: Assignment, grader_of: Any) -> None:
    report = grader_of(one.id).grade(one.reference)
    assert (report.score, report.max_score) == (full(report), 100)
    assert lost(report) == {}
    assert codes(report) <= {"to_be_graded"}
    assert report.notes == ()


@assignments
def test_the_template_gets_nothing(one: Assignment, grader_of: Any) -> None:
    report = grader_of(one.id).grade(one.template)
    assert report.score == 0
    assert set(statuses(report).values()) == {"not_attempted"}


@pytest.fixture
def unobserved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What words asked for and nobody observed: a reader would find a gap there."""
    asked: list[str] = []

    def gap(_facts: Any, name: str) -> str:
        asked.append(name)
        return ""

    monkeypatch.setattr(words._Facts, "__missing__", gap)
    return asked


@pytest.mark.parametrize(("one", "mistake"), listed("mistakes"))
def test_mistake(
    one: Assignment, mistake: Mistake, grader_of: Any, tmp_path: Path, unobserved: list[str]
) -> None:
    report = grader_of(one.id).grade(write(notebook(mistake.edits, one), tmp_path))
    assert mistake.agrees(statuses(report)), lost(report)
    assert mistake.code in codes(report)
    assert in_other_words(mistake, report, one) == []
    assert unobserved == []
    assert wrongly_pointed(report, mistake, one) == []


def test_plainer_words_than_the_entrys_are_noticed(grade: Any) -> None:
    mlp = next(one for one in ASSIGNMENTS if one.id == "mlp")
    entry = next(m for m in mlp.mistakes if m.words is not None and m.words.message)
    report = grade(notebook(entry.edits, mlp))
    assert in_other_words(entry, report, mlp) == []
    asking = replace(entry.words, message="It is {of_a_colour_that_nobody_saw}.")
    (difference,) = in_other_words(replace(entry, words=asking), report, mlp)
    assert difference.startswith("message: 'It is {of_a_colour_that_nobody_saw}.'")


def test_a_gap_in_words_is_noticed(unobserved: list[str]) -> None:
    assert words.filled("{a} and {b}", {"a": 1}) == "1 and"
    assert unobserved == ["b"]


@pytest.mark.parametrize(("one", "alternative"), listed("alternatives"))
def test_alternative(one: Assignment, alternative: Any, grader_of: Any, tmp_path: Path) -> None:
    report = grader_of(one.id).grade(write(notebook(alternative.edits, one), tmp_path))
    assert lost(report) == {}
    assert report.score == full(report)


def test_a_method_without_brackets_is_named_in_its_own_words(grade: Any) -> None:
    """Words that ask for a fact which nobody observed would give way to plainer ones, unseen."""
    for right in ("optm.zero_grad()", "loss_out.backward()", "optm.step()"):
        report = grade(changed(right, right.removesuffix("()")))
        found = [f.summary for c in report.checks for f in c.findings if c.id == "step_order"]
        assert [summary for summary in found if "not called" in str(summary)], (right, found)
