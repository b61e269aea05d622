"""The points that may be released: none for a check on which the grader itself failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from grader.classroom import Graded


def check_points(graded: Graded) -> dict[str, float | None]:
    """Return each check's points, ``None`` after a fault of the grader without an override."""
    decided = graded.override.checks if graded.override is not None else {}
    failed = {c.id for c in graded.report.checks if c.status is Status.INTERNAL_ERROR}
    return {
        id_: None if id_ in failed and id_ not in decided else score
        for id_, score in graded.checks.items()
    }


def total_points(graded: Graded) -> float | None:
    """Return the points that count, or ``None`` while a check's points are open."""
    if graded.override is not None and graded.override.score is not None:
        return graded.override.score
    return None if None in check_points(graded).values() else graded.score
