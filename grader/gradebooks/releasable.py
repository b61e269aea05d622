"""The points that may be released: none for what could not be read, or failed by our own fault.

This is the one place that decides it: an unknown number of points is an empty cell, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from grader.classroom import Graded


_OPEN = (Status.INTERNAL_ERROR, Status.NEEDS_GRADING)


def check_points(graded: Graded) -> dict[str, float | None]:
    """Return each check's points, ``None`` where nothing was measured and nobody has decided.

    That is after a fault of the grader, for a file that is no notebook, and for an answer that a
    person has not graded yet.
    """
    decided = graded.override.checks if graded.override is not None else {}
    failed = {
        check.id for check in graded.report.checks if check.status in _OPEN or not graded.readable
    }
    return {
        id_: None if id_ in failed and id_ not in decided else score
        for id_, score in graded.checks.items()
    }


def total_points(graded: Graded) -> float | None:
    """Return the points that count, or ``None`` while a check's points are open."""
    whole = graded.override is not None and graded.override.score is not None
    return graded.score if whole or None not in check_points(graded).values() else None


def points_lost(graded: Graded) -> float | None:
    """Return what is taken off for being late: ``None`` without a policy, or a total."""
    return None if graded.lateness is None or total_points(graded) is None else graded.lost
