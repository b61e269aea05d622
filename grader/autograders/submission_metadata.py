"""Gradescope's ``submission_metadata.json``: due date, time of the hand-in, earlier attempts.

Source: gradescope-autograders.readthedocs.io/en/latest/submission_metadata. A person's own due date
(an extension) stands in ``users[].assignment``. What is not there, or of another form, is unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.classroom.instants import InstantError, instant

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_MOST_BYTES = 50_000_000  # it holds the results of earlier attempts


@dataclass(frozen=True)
class SubmissionMetadata:
    """What Gradescope tells of a hand-in; ``None`` is unknown.

    ``attempt`` counts from 1 and leaves out attempts that failed by no fault of the student's. Of a
    team with several due dates the last one is ``due``.
    """

    attempt: int | None = None
    handed_in: datetime | None = None
    due: datetime | None = None


def read_metadata(path: Path) -> SubmissionMetadata:
    """Return what the file tells; nothing where it is missing or is not as expected."""
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return SubmissionMetadata()
    if not isinstance(data, dict):
        return SubmissionMetadata()
    return SubmissionMetadata(
        attempt=_attempt(data.get("previous_submissions")),
        handed_in=_instant(data.get("created_at")),
        due=_due(data),
    )


def _attempt(previous: Any) -> int | None:
    if not isinstance(previous, list):
        return None
    failed = (isinstance(one, dict) and one.get("autograder_error") is True for one in previous)
    return 1 + len(previous) - sum(failed)


def _due(data: dict[str, Any]) -> datetime | None:
    users = data.get("users")
    own = [_due_date(user) for user in users] if isinstance(users, list) else []
    known = [one for one in own if one is not None]
    return max(known) if known else _due_date(data)


def _due_date(holder: Any) -> datetime | None:
    """Return the due date of the assignment as the whole file, or a user in it, has it."""
    assignment = holder.get("assignment") if isinstance(holder, dict) else None
    return _instant(assignment.get("due_date")) if isinstance(assignment, dict) else None


def _instant(text: Any) -> datetime | None:
    try:
        return instant(text, None) if isinstance(text, str) else None
    except InstantError:
        return None
