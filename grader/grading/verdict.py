"""From remarks to a status and points: the rubric's arithmetic, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.assignment import Check

# The codes of remarks on a process that ended without an answer.
FATES = {
    "timeout": Status.TIMEOUT,
    "out_of_memory": Status.OUT_OF_MEMORY,
    "killed_memory": Status.OUT_OF_MEMORY,
    "crashed": Status.CRASHED,
    "garbled": Status.CRASHED,
    "observing_failed": Status.CRASHED,
    "internal": Status.INTERNAL_ERROR,
    "check_fault": Status.INTERNAL_ERROR,
}
NOT_FILLED = "not_filled_in"
RIGHT = frozenset({Status.PASSED, Status.PARTIAL})


@dataclass(frozen=True)
class Verdict:
    """How one check ended; the remarks are sorted by severity, the worst first."""

    check: Check
    status: Status
    score: float
    remarks: tuple[Remark, ...]
    seconds: float | None = None


def verdict(
    check: Check,
    remarks: Sequence[Remark],
    *,
    unjudged: Iterable[int] = (),
    seconds: float | None = None,
    status: Status | None = None,
) -> Verdict:
    """Return the verdict that the remarks on a check add up to.

    ``unjudged`` blanks could not be judged and earn nothing. A given ``status`` replaces the one
    that the remarks give; the check then earns no points, unless that status is passed.
    """
    ranked = sorted(remarks, key=_rank)
    ended = status or _status(check, ranked)
    score = 0.0 if status is not None else _score(check, ranked, set(unjudged))
    if ended is Status.PASSED:
        score = check.points
    return Verdict(check, ended, round(score, 2), tuple(ranked), seconds)


def not_attempted(check: Check, beside: Sequence[Remark] = ()) -> Verdict:
    """Return the verdict on a check whose blanks are all untouched; more is said ``beside``."""
    remarks = [Remark(NOT_FILLED, blank=number) for number in check.blanks]
    return verdict(check, [*remarks, *beside], status=Status.NOT_ATTEMPTED)


def follows(check: Check, blocking: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a check that cannot be judged because the ``blocking`` ones failed."""
    attempted = any(v.status is not Status.NOT_ATTEMPTED for v in blocking)
    status = Status.FAILED if attempted else Status.NOT_ATTEMPTED
    if any(v.status is Status.INTERNAL_ERROR for v in blocking):
        status = Status.INTERNAL_ERROR
    titles = " and ".join(dict.fromkeys(v.check.title for v in blocking))
    return verdict(check, [Remark("follows", facts={"titles": titles})], status=status)


def internal_fault(check: Check, trouble: Remark) -> Verdict:
    """Return the verdict where the reference itself could not be observed."""
    detail = f"the reference: {trouble.code} {trouble.facts.get('detail', '')}".strip()
    remark = Remark("internal", facts={"detail": detail})
    return verdict(check, [remark], status=Status.INTERNAL_ERROR)


def _rank(remark: Remark) -> int:
    order = (Severity.ERROR, Severity.PARTIAL, Severity.WARNING, Severity.INFO)
    return order.index(remark.severity)


def _status(check: Check, remarks: Sequence[Remark]) -> Status:
    errors = [remark for remark in remarks if remark.severity is Severity.ERROR]
    if not errors:
        partial = any(remark.severity is Severity.PARTIAL for remark in remarks)
        return Status.PARTIAL if partial else Status.PASSED
    for remark in errors:
        if remark.code in FATES:
            return FATES[remark.code]
    unfilled = {remark.blank for remark in errors if remark.code == NOT_FILLED}
    if unfilled >= set(check.blanks):
        return Status.NOT_ATTEMPTED
    # An exception after some of the work came out right is a wrong answer, not a broken one.
    # What hides an exception lets the code go on.
    goes_on = ("worked", "hidden")
    if any(
        r.code == "syntax_error" or (r.error and not any(map(r.facts.get, goes_on))) for r in errors
    ):
        return Status.ERROR
    return Status.FAILED


def _score(check: Check, remarks: Sequence[Remark], unjudged: set[int]) -> float:
    def kept(remark: Remark) -> float:
        if remark.severity is Severity.PARTIAL:
            return check.partial.get(remark.share or remark.code, 0.0)
        return 0.0 if remark.severity is Severity.ERROR else 1.0

    whole = min((kept(r) for r in remarks if r.blank not in check.blanks), default=1.0)
    if check.credit == "whole":
        return check.points * min((kept(r) for r in remarks), default=1.0)
    shares = [
        0.0
        if number in unjudged
        else min((kept(r) for r in remarks if r.blank == number), default=1.0)
        for number in check.blanks
    ]
    return check.points * whole * sum(shares) / len(shares)
