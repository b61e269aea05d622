"""The rubric's arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.assignment import Check
from grader.checks.remark import Remark
from grader.grading.verdict import follows, internal_fault, not_attempted, verdict
from grader.report import Severity, Status

WHOLE = Check("c", "c", "check", 20, ("part",), (1, 2), 10, partial={"small": 0.5})
SHARED = replace(WHOLE, credit="each_blank")
WRONG, SMALL = Remark("wrong", blank=1), Remark("small", Severity.PARTIAL, 1)
RAISED = Remark("raises", blank=1, error={"type": "E", "message": "", "frames": []})


@pytest.mark.parametrize(
    ("check", "remarks", "status", "score"),
    [
        (WHOLE, [], Status.PASSED, 20),
        (WHOLE, [WRONG], Status.FAILED, 0),
        (WHOLE, [SMALL], Status.PARTIAL, 10),
        (WHOLE, [SMALL, WRONG], Status.FAILED, 0),
        (WHOLE, [Remark("said", Severity.INFO)], Status.PASSED, 20),
        (WHOLE, [RAISED], Status.ERROR, 0),
        (WHOLE, [replace(RAISED, facts={"worked": 2})], Status.FAILED, 0),
        (SHARED, [WRONG], Status.FAILED, 10),
        (SHARED, [SMALL], Status.PARTIAL, 15),
        (SHARED, [replace(WRONG, blank=None)], Status.FAILED, 0),
        (SHARED, [replace(SMALL, blank=None)], Status.PARTIAL, 10),
        (
            SHARED,
            [Remark("not_filled_in", blank=1), Remark("not_filled_in", blank=2)],
            Status.NOT_ATTEMPTED,
            0,
        ),
        (SHARED, [Remark("not_filled_in", blank=1)], Status.FAILED, 10),
        (SHARED, [Remark("timeout")], Status.TIMEOUT, 0),
        (SHARED, [Remark("syntax_error", blank=2)], Status.ERROR, 10),
        (WHOLE, [Remark("unknown", Severity.PARTIAL, 1)], Status.PARTIAL, 0),
    ],
)
def test_status_and_points(
    check: Check, remarks: list[Remark], status: Status, score: float
) -> None:
    ended = verdict(check, remarks)
    assert (ended.status, ended.score) == (status, score)


def test_a_blank_that_could_not_be_judged_earns_nothing() -> None:
    assert verdict(SHARED, [WRONG], unjudged={2}).score == 0


def test_the_worst_comes_first() -> None:
    assert [r.code for r in verdict(WHOLE, [SMALL, WRONG]).remarks] == ["wrong", "small"]


@pytest.mark.parametrize(
    ("blocking", "status"),
    [
        ([Status.FAILED], Status.FAILED),
        ([Status.NOT_ATTEMPTED], Status.NOT_ATTEMPTED),
        ([Status.NOT_ATTEMPTED, Status.TIMEOUT], Status.FAILED),
        ([Status.FAILED, Status.INTERNAL_ERROR], Status.INTERNAL_ERROR),
    ],
)
def test_a_check_that_waits_ends_as_those_that_block_it(
    blocking: list[Status], status: Status
) -> None:
    ended = follows(WHOLE, [verdict(SHARED, [], status=one) for one in blocking])
    assert (ended.status, ended.score) == (status, 0)
    assert [(r.code, r.facts) for r in ended.remarks] == [("follows", {"titles": "check"})]


def test_untouched_blanks_are_not_attempted_each() -> None:
    ended = not_attempted(SHARED)
    assert (ended.status, ended.score) == (Status.NOT_ATTEMPTED, 0)
    assert [remark.blank for remark in ended.remarks] == [1, 2]


def test_trouble_with_the_reference_is_the_graders_fault() -> None:
    ended = internal_fault(WHOLE, Remark("crashed", facts={"detail": "signal 9"}))
    assert (ended.status, ended.score) == (Status.INTERNAL_ERROR, 0)
    assert ended.remarks[0].facts == {"detail": "the reference: crashed signal 9"}
