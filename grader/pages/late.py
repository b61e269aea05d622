"""What a student reads about a due date: how late the work is, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebooks.releasable import total_points
from grader.points import points

if TYPE_CHECKING:
    from grader.classroom import Graded
    from grader.classroom.policy import Lateness, PointsOrShare

_LONGEST_REASON = 1000
_OFFSET = 19  # characters before the offset from UTC


@dataclass(frozen=True)
class LateNotice:
    """The sentences under a heading; ``reason`` and ``by`` are those of an extension."""

    heading: str
    sentences: tuple[str, ...]
    reason: str = ""
    by: str = ""


def late_notice(graded: Graded) -> LateNotice | None:
    """Return what a student is told of being late, or of an extension; ``None`` for neither.

    That it is not known when the work was handed in is told to who grades, not to the student.
    """
    late = graded.lateness
    if late is None or not (late.days or late.extension):
        return None
    extension = late.extension
    reason = extension.reason[:_LONGEST_REASON] if extension else ""
    by = extension.by if extension else ""
    due = f"Your work was due {'for you ' if extension else ''}at {clock(late.due)}"
    if not late.days:
        return LateNotice("A later due date for you", (f"{due}.",), reason, by)
    when = f"{due}, and was handed in at {clock(late.handed_in)}: {late.late}."
    return LateNotice("Handed in late", (when, *_cost(graded, late)), reason, by)


def clock(moment: str) -> str:
    """Return an instant as a person reads it: ``2025-03-01 23:59:00 (UTC+09:00)``."""
    return f"{moment[:_OFFSET]} (UTC{moment[_OFFSET:]})".replace("(UTC+00:00)", "(UTC)")


def _cost(graded: Graded, late: Lateness) -> tuple[str, ...]:
    if total_points(graded) is None:
        return ("What that costs is known when all points are there.",)
    loss = late.loss
    if not graded.lost:
        return ("No points are taken off.",)
    taken = f"{points(graded.lost)} of {points(graded.work_score)} points are taken off"
    if loss.max_days is not None and late.days > loss.max_days and loss.to_zero:
        days = f"{loss.max_days} day{'s' if loss.max_days > 1 else ''}"
        return (f"{taken}: work that is more than {days} late has no points.",)
    rule = f"{_part(loss.a_day)} for each day that has begun"
    rule += f", for {loss.max_days} at most" if loss.max_days is not None else ""
    rule += f"; {_part(loss.floor)} stay in any case" if loss.floor is not None else ""
    return (f"{taken}: {rule}.",)


def _part(part: PointsOrShare) -> str:
    return f"{points(part.value)} {'% of them' if part.percent else 'points'}"
