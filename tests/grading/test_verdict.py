"""The rubric's arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.assignment import Check
from grader.checks.remark import Remark
from grader.grading.verdict import verdict
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
