"""What a hand-in loses for being late, by a policy and the dates that Gradescope tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from grader.autograders.settings import POLICY
from grader.batch.policy_file import load_policy
from grader.classroom import Graded, Student
from grader.classroom.policy import lateness
from grader.gradebooks.releasable import points_lost
from grader.pages.late import late_notice

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.autograders.graded import HandInOutcome
    from grader.autograders.submission_metadata import SubmissionMetadata

_SOME_DAY = datetime(2025, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class LateResult:
    """The points that are lost, what the student is told of it, and a remark for the teacher."""

    lost: float = 0.0
    told: tuple[str, ...] = ()
    remark: str = ""


def check_policy(path: Path, assignment: Assignment) -> None:
    """Raise ``GraderError`` for a policy that cannot be read, or says what Gradescope says."""
    load_policy(path, _most(assignment), (), due=_SOME_DAY)


def late_result(
    bundle: Path, assignment: Assignment, outcome: HandInOutcome, known: SubmissionMetadata
) -> LateResult:
    """Return what the bundle's policy takes off; nothing without one, or without both dates."""
    path = bundle / POLICY
    report, hand_in = outcome.report, outcome.hand_in
    if report is None or hand_in is None or not path.exists():
        return LateResult()
    if known.due is None or known.handed_in is None:
        lacks = "due date" if known.due is None else "time of the hand-in"
        return LateResult(remark=f"no {lacks} is known, so nothing is taken off for being late")
    loaded = load_policy(path, _most(assignment), (), due=known.due)
    if loaded is None:
        return LateResult()
    policy, _ = loaded
    graded = Graded(
        student=Student(""),
        origin=hand_in.path,
        report=report,
        group="",
        cells=hand_in.notebook.cells,
        lateness=lateness(policy, "", known.handed_in, why_open="", marked=False),
    )
    notice = late_notice(graded)
    told = (f"{notice.heading}. {' '.join(notice.sentences)}",) if notice is not None else ()
    return LateResult(points_lost(graded) or 0.0, told)


def _most(assignment: Assignment) -> float:
    return sum(check.points for check in assignment.checks)
