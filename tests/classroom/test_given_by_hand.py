"""Points that a person gives to what only a person grades are no correction of the grader's."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from grader.classroom import Override
from grader.gradebooks import write_grades
from grader.pages.feedback import feedback_page
from grader.report import Status
from tests.classroom.test_statistics import count, one
from tests.reports import samples

if TYPE_CHECKING:
    from pathlib import Path

    from grader.report import Report

CODE = samples.check("learns")
EMPTY = samples.check("words", Status.NOT_ATTEMPTED, 0, samples.finding("nothing_written"))
WRITTEN = samples.check("words", Status.NEEDS_GRADING, 0, samples.finding("to_be_graded"))


def _status(folder: Path, report: Report, override: Override | None = None) -> str:
    write_grades(folder / "g.csv", iter([one("kim", report, override=override)]), iter(()))
    with (folder / "g.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(csv.DictReader(file))["status"]


@pytest.mark.parametrize(
    ("checks", "given", "status"),
    [
        ((CODE, EMPTY), None, "partial"),
        ((samples.check("learns", Status.NOT_ATTEMPTED, 0), EMPTY), None, "not_attempted"),
        ((samples.check("learns", Status.FAILED, 0), EMPTY), None, "failed"),
        ((CODE, WRITTEN), None, "needs_grading"),
        ((CODE, WRITTEN), 7.0, "passed"),
        ((CODE, EMPTY), 7.0, "passed"),
    ],
)
def test_the_status_of_a_row(
    checks: tuple[object, ...], given: float | None, status: str, tmp_path: Path
) -> None:
    override = Override("read", checks={"words": given}) if given is not None else None
    assert _status(tmp_path, samples.report(*checks), override) == status  # type: ignore[arg-type]


def test_a_check_by_hand_is_passed_by_who_got_all_its_points() -> None:
    most = WRITTEN.max_score
    given = [most, most / 2, 0]
    report = samples.report(CODE, WRITTEN)
    decided = [
        one(str(k), report, override=Override("r", checks={"words": score}))
        for k, score in enumerate(given)
    ]
    rate = next(rate for rate in count(*decided, one("open", report)).checks if rate.id == "words")
    assert (rate.passed, rate.judged) == (1, 3)


@pytest.mark.parametrize(
    ("checks", "heading", "was"),
    [
        ({"words": 7.0}, "Points given by a person", False),
        ({"learns": 7.0}, "Points changed by hand", True),
        ({"learns": 7.0, "words": 7.0}, "Points changed by hand", True),
    ],
)
def test_a_page_tells_a_grade_from_a_correction(
    checks: dict[str, float], heading: str, was: bool
) -> None:
    graded = one("kim", samples.report(CODE, WRITTEN), override=Override("read", checks=checks))
    page = feedback_page(graded)
    assert heading in page
    assert ("now</span>" in page) is was
