"""Every listed mistake gets its verdict and its name, every listed alternative full marks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.engine.variants import edited
from grader.grading import Grader
from grader.notebook.read import read_notebook
from grader.template import without_markers
from tests.notebooks import code, write

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Edit
    from grader.report import Report

MLP = load_assignment("mlp")
SOLVED = read_notebook(MLP.reference)
SEEDS = range(1, 21)


def notebook(edits: tuple[Edit, ...]) -> dict[str, Any]:
    """The solved notebook with some edits, as a student would hand it in."""
    variant = edited(SOLVED, edits, MLP)
    cells = [replace(cell, source=without_markers(cell.source)) for cell in variant.cells]
    return code([cell.source for cell in cells if cell.kind == "code"])


def statuses(report: Report) -> dict[str, str]:
    return {c.id: c.status.value for c in report.checks}


def lost(report: Report) -> dict[str, str]:
    return {check: status for check, status in statuses(report).items() if status != "passed"}


def codes(report: Report) -> set[str]:
    return {f.code for c in report.checks for f in c.findings}


mistakes = pytest.mark.parametrize("mistake", MLP.mistakes, ids=lambda m: m.label)
alternatives = pytest.mark.parametrize("alternative", MLP.alternatives, ids=lambda a: a.title)


def test_there_are_enough() -> None:
    assert len(MLP.mistakes) >= 40
    assert {m.blank for m in MLP.mistakes} == {1, 2, 3, 4, 5, 6, 7, None}
    assert len(MLP.alternatives) >= 25


@mistakes
def test_mistake(mistake: Any, grade: Any) -> None:
    report = grade(notebook(mistake.edits))
    assert mistake.agrees(statuses(report)), lost(report)
    assert mistake.code in codes(report)


@alternatives
def test_alternative(alternative: Any, grade: Any) -> None:
    report = grade(notebook(alternative.edits))
    assert lost(report) == {}
    assert report.score == report.max_score


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_no_verdict_depends_on_the_seed(seed: int, tmp_path: Path) -> None:
    wrong = []
    with Grader(seed=seed, device="cpu") as grader:
        for mistake in MLP.mistakes:
            report = grader.grade(write(notebook(mistake.edits), tmp_path))
            if not mistake.agrees(statuses(report)) or mistake.code not in codes(report):
                wrong.append((mistake.label, lost(report), codes(report)))
        for alternative in MLP.alternatives:
            report = grader.grade(write(notebook(alternative.edits), tmp_path))
            if report.score != report.max_score:
                wrong.append((alternative.title, lost(report), codes(report)))
    assert wrong == []
