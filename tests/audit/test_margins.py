"""The margins of an audit: which thresholds are near, and which answers come nearest."""

from __future__ import annotations

from dataclasses import replace

from grader.assignment import load_assignment
from grader.audit.cases import handed_in
from grader.audit.margins import _turning
from grader.audit.model import Case, CaseKind, CaseRow, CheckOutcome, Margin, tightest
from grader.audit.tables import room
from grader.checks.kind import Measure
from grader.report import Status

MLP = load_assignment("mlp")


def margin(check: str, side: str, value: float, space: float) -> Margin:
    return Margin(check, side, "x", 1, value, 3e-4, "deviation", space)


def test_the_tightest_of_each_check_and_side_is_kept() -> None:
    a, b, c = margin("x", "lost", 1, 2.0), margin("x", "lost", 1, 0.5), margin("x", "passed", 0, 9)
    assert tightest([a, b, c]) == (b, c)
    assert b.thin
    assert not a.thin


def test_a_margin_in_words() -> None:
    assert room(margin("x", "passed", 0.0, 1)) == "exactly equal, may be 3e-04 off"
    assert room(margin("x", "lost", 0.0065, 1)) == "6.5e-03 off, may be 3e-04"
    line = Margin("converges", "failed", "x", 1, 0.59, 0.15, "deviation", 1.3)
    assert room(line) == "5.9e-01 off, may be 1.5e-01"
    accuracy = Margin("learns", "passed", "x", 1, 0.883, 0.75, "accuracy", 2.0)
    assert room(accuracy) == "88.3 % right, the threshold is 75 %"


MARKS = {"passed": 0.75, "partial": 0.30}
LEARNS = next(check for check in MLP.checks if check.id == "learns")


def turning(
    accuracy: float, status: str, allowed: tuple[str, ...] = (), *, still: bool = False
) -> list[float]:
    """The thresholds that matter for an answer: a mistake's where ``allowed`` names verdicts."""
    kind = CaseKind.MISTAKE if allowed else CaseKind.ALTERNATIVE
    entry = replace(MLP.mistakes[0], verdict={"learns": allowed})
    case = Case(kind, "x", "", handed_in(MLP), (entry,) if allowed else ())
    cell = CheckOutcome("learns", Status(status), 0.0, 20.0, ())
    return _turning(CaseRow(case, 1, (cell,)), LEARNS, Measure(accuracy, MARKS, cannot_pass=still))


def test_a_threshold_is_near_where_crossing_it_would_be_wrong() -> None:
    assert turning(0.80, "passed") == [0.75]
    assert turning(0.60, "partial", ("partial",)) == [0.75, 0.30]
    assert turning(0.10, "failed", ("failed",)) == [0.30]


def test_where_chance_may_decide_no_threshold_is_near() -> None:
    assert turning(0.29, "failed", ("partial", "failed")) == []
    assert turning(0.31, "partial", ("partial", "failed")) == [0.75]
    assert turning(0.76, "passed", ("passed", "partial", "failed")) == []


def test_what_stands_still_does_not_pass_however_well_it_does() -> None:
    assert turning(0.76, "partial", ("partial",), still=True) == [0.30]
    assert turning(0.74, "partial", ("partial",), still=True) == [0.30]
