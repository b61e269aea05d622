"""What became of a check: its verdict, and the remarks under the names that a student reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.grading.catalogue import Named
from grader.grading.verdict import NOT_FILLED, Verdict, verdict
from grader.report import Status

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.grading.observe import Observation

RIGHT = frozenset({Status.PASSED, Status.PARTIAL})

CheckVerdict = tuple[Verdict, tuple[Named, ...]]
Judged = dict[str, CheckVerdict]


def only(check: Check, remarks: list[Remark], status: Status) -> CheckVerdict:
    """Return a verdict that the remarks alone decide."""
    return verdict(check, remarks, status=status), tuple(Named(remark) for remark in remarks)


def not_attempted(check: Check) -> CheckVerdict:
    """Return the verdict on blanks that nobody has begun."""
    remarks = [Remark(NOT_FILLED, blank=number) for number in check.blanks]
    return only(check, remarks, Status.NOT_ATTEMPTED)


def follows(check: Check, blocking: list[Verdict]) -> CheckVerdict:
    """Return the verdict of a check that waits for others: it fails as they do, and says so."""
    attempted = [v for v in blocking if v.status is not Status.NOT_ATTEMPTED]
    titles = " and ".join(dict.fromkeys(v.check.title for v in blocking))
    internal = any(v.status is Status.INTERNAL_ERROR for v in blocking)
    status = Status.FAILED if attempted else Status.NOT_ATTEMPTED
    remark = Remark("follows", facts={"titles": titles})
    return only(check, [remark], Status.INTERNAL_ERROR if internal else status)


def internal_fault(check: Check, reference: Observation) -> CheckVerdict:
    """Return the verdict where the reference itself could not be observed."""
    assert reference.trouble is not None
    detail = f"the reference: {reference.trouble.code} {reference.trouble.facts.get('detail', '')}"
    return only(
        check, [Remark("internal", facts={"detail": detail.strip()})], Status.INTERNAL_ERROR
    )
