"""One student's result in the class report, without its findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from grader.classroom.model import Graded, Override, Student
    from grader.classroom.policy import Lateness


class SubmissionOutcome(Enum):
    """How one submission ended, in few words; if several fit, the last one counts."""

    FULL_MARKS = "full marks"
    POINTS_LOST = "points lost"
    NOT_ATTEMPTED = "nothing filled in"
    TIMEOUT = "did not finish in time"
    OUT_OF_MEMORY = "used too much memory"
    CRASHED = "crashed"
    NEEDS_GRADING = "to be graded by a person"
    INTERNAL_ERROR = "the grader failed"
    UNREADABLE = "could not be read"


_OPEN = frozenset(
    {
        *(SubmissionOutcome.NEEDS_GRADING, SubmissionOutcome.INTERNAL_ERROR),
        SubmissionOutcome.UNREADABLE,
    }
)


@dataclass(frozen=True)
class Mark:
    """A student's result in a check; ``points`` include a TA's decision, ``status`` does not."""

    check: str
    status: Status
    points: float
    max_score: float


@dataclass(frozen=True)
class StudentResult:
    """One student's result without its report; ``earlier`` is the number of earlier attempts.

    ``score`` are the points that count; ``lost`` were taken off for being late.
    """

    student: Student
    origin: str
    group: str
    readable: bool
    score: float
    max_score: float
    marks: tuple[Mark, ...]
    outcome: SubmissionOutcome
    late: bool
    earlier: int
    override: Override | None
    team: str = ""
    lost: float = 0.0
    lateness: Lateness | None = None

    @property
    def scored(self) -> bool:
        """Whether the points measure the submission."""
        if self.override is not None and self.override.score is not None:
            return True
        return self.outcome not in _OPEN


def student_result(graded: Graded) -> StudentResult:
    """Return the result without its report."""
    points = graded.checks
    return StudentResult(
        student=graded.student,
        origin=graded.origin,
        group=graded.group,
        readable=graded.readable,
        score=graded.score,
        max_score=graded.report.max_score,
        marks=tuple(
            Mark(check.id, check.status, points[check.id], check.max_score)
            for check in graded.report.checks
        ),
        outcome=_outcome(graded),
        late=graded.late,
        earlier=len(graded.earlier),
        override=graded.override,
        team=graded.team,
        lost=graded.lost,
        lateness=graded.lateness,
    )


def _outcome(graded: Graded) -> SubmissionOutcome:
    if not graded.readable:
        return SubmissionOutcome.UNREADABLE
    statuses = {check.status for check in graded.report.checks}
    if Status.INTERNAL_ERROR not in statuses and graded.to_grade:
        return SubmissionOutcome.NEEDS_GRADING
    for grave in (Status.INTERNAL_ERROR, Status.CRASHED, Status.OUT_OF_MEMORY, Status.TIMEOUT):
        if grave in statuses:
            return SubmissionOutcome[grave.name]
    if statuses == {Status.NOT_ATTEMPTED}:
        return SubmissionOutcome.NOT_ATTEMPTED
    full = graded.score >= graded.report.max_score
    return SubmissionOutcome.FULL_MARKS if full else SubmissionOutcome.POINTS_LOST
