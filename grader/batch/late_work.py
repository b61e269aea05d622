"""Says how late each hand-in of a class is, by its ``policy.toml``, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.batch.policy_file import POLICY, load_policy
from grader.classroom.instants import InstantError, instant
from grader.classroom.policy import lateness
from grader.errors import GraderError
from grader.intake.times import HandInTime, read_times
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.classroom import Attempt, HandedIn
    from grader.classroom.policy import Lateness

_UNTOLD = "nothing tells when it was handed in, so nothing is taken off: --times FILE"
_OTHER = (
    "an earlier attempt counts, and the time in the file of times may be a later one's, so nothing "
    "is taken off"
)
_ZONE = f'write the zone of these times into {POLICY}: zone = "Europe/Berlin", say'
_EXACT = (
    "say it in a file for --times with the offset from UTC: id,time in the first line, then for "
    "each such student 2025-10-26 02:30:00+02:00, say"
)


@dataclass(frozen=True)
class LateWork:
    """How late everyone is, by the student's id, and ``remarks`` for whoever runs the command."""

    by_student: Mapping[str, Lateness] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def late_work(
    out: Path,
    assignment: Assignment,
    handed_in: HandedIn,
    times: str | None,
    *,
    of_course: bool = False,
) -> LateWork:
    """Return how late each hand-in is by the policy in the folder ``out``; nobody without one.

    ``times`` is a CSV file with ids and times, which counts before what the download tells. Raises
    ``GraderError`` for a policy, or a file of times, or a time that is not entirely clear.
    """
    students = [*(one.student for one in handed_in.counted), *handed_in.missing]
    most = sum(check.points for check in assignment.checks)
    loaded = load_policy(out / POLICY, most, [student.id for student in students])
    names = (assignment.id, assignment.title)
    told = read_times(times, students, names, of_course=of_course) if times is not None else None
    if loaded is None:
        unused = f"--times has no effect: there is no due date in {POLICY} of the class's folder"
        return LateWork(remarks=(unused,) if told is not None and not of_course else ())
    policy, zone = loaded
    found = {}
    for one in handed_in.counted:
        time = told.by_student.get(one.student.id) if told is not None else None
        handed, why = _instant(one, time, zone)
        found[one.student.id] = lateness(
            policy, one.student.id, handed, why_open=why, marked=one.late
        )
    return LateWork(found, _remarks(found, told.strangers if told is not None else ()))


def _instant(
    attempt: Attempt, told: HandInTime | None, zone: tzinfo | None
) -> tuple[datetime | None, str]:
    """Return when an attempt was handed in; ``None`` and why where that is not known."""
    if told is not None and attempt.passed_over:
        return None, _OTHER
    if told is None:
        if not attempt.time:
            return None, _UNTOLD
        told = HandInTime(attempt.time, printable(attempt.origin, 200))
    try:
        return instant(told.text, zone), ""
    except InstantError as error:
        raise GraderError(
            f"{told.where}: {printable(told.text, 60)} {error}", _ZONE if error.no_zone else _EXACT
        ) from None


def _remarks(found: Mapping[str, Lateness], strangers: tuple[str, ...]) -> tuple[str, ...]:
    remarks = []
    unknown = sum(bool(one.why_open) for one in found.values())
    if unknown:
        remarks.append(
            f"{POLICY}: of {unknown} of {len(found)} hand-ins it is not known when they were made, "
            "and nothing was taken off (report.html lists them)"
        )
    if strangers:
        remarks.append(f"--times: {len(strangers)} rows are of nobody here, such as {strangers[0]}")
    return tuple(remarks)
