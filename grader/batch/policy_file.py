"""Reads ``policy.toml``: a class's rules for late work, which an instructor writes by hand.

Everything is checked before anything is written: a slip here would be a wrong grade for many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn
from zoneinfo import available_timezones

from grader.assignment.toml_file import read_toml
from grader.classroom.instants import InstantError, days_later, named_zone, placed
from grader.classroom.policy import Extension, Loss, PointsOrShare, Policy
from grader.decode import DecodingError
from grader.errors import AssignmentError
from grader.identity import written_id
from grader.requirements import Amount, Name, Within
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from grader.assignment.toml_file import TomlFile

POLICY = "policy.toml"
_ZERO, _STOP = "zero", "stop"
_LONGEST_DAYS = 3650
_SHORTEST_PLACE = 4
_DUE = "write date and time, without quotation marks: due = 2025-03-01T23:59:00"
_ZONE = 'name the zone of its clocks: zone = "Europe/Berlin", or "America/New_York"'
_LOSS = 'write points, as in loss_a_day = 10, or a part of those that the work has: "10 %"'
_BEYOND = (
    f'beyond = "{_ZERO}": later work has no points; beyond = "{_STOP}": it loses no more than '
    "after so many days"
)
_Days = Annotated[int, Within(least=1, most=_LONGEST_DAYS)]


@dataclass(frozen=True)
class _ExtensionEntry:
    """What an ``[[extension]]`` may say; either ``due`` or ``days``."""

    id: str | int
    reason: Name
    due: Any = None
    days: _Days | None = None
    by: str = ""


@dataclass(frozen=True)
class _PolicyFile:
    """What ``policy.toml`` may say."""

    due: Any = None
    zone: str = ""
    grace_minutes: Amount = 0.0
    loss_a_day: float | str | None = None
    floor: float | str | None = None
    max_days: _Days | None = None
    beyond: Literal["zero", "stop"] | None = None
    extension: tuple[_ExtensionEntry, ...] = ()


def load_policy(
    path: Path, most: float, students: Collection[str], *, due: datetime | None = None
) -> tuple[Policy, tzinfo | None] | None:
    """Return the class's policy, and the zone that it names; ``None`` without such a file.

    ``most`` are the assignment's points, ``students`` the ids of all who are known. A learning
    system that has due dates tells the student's ``due``; the file then says none. A file of
    comments alone says nothing. Raises ``AssignmentError`` with the file, the line and the key.
    """
    if not path.exists():
        return None
    try:
        file = read_toml(path)
    except AssignmentError as error:
        hint = f"{error.hint}; a time is written with its seconds: 23:59:00" if error.line else None
        raise AssignmentError(
            error.message, hint or error.hint, file=error.file, line=error.line
        ) from None
    if not file.table:
        return None
    read = _Reader(file, file.decode(_PolicyFile), most)
    zone = read.zone()
    if due is None:
        due = read.due(read.written.due, zone, "due")
    else:
        read.refuse_dates()
        due = due if zone is None else due.astimezone(zone)
    loss = read.loss()
    grace = timedelta(minutes=read.written.grace_minutes)
    return Policy(due, grace, loss, read.extensions(due, zone, students)), zone


class _Reader:
    """Reads the keys one by one, so that an error can name the line."""

    def __init__(self, file: TomlFile, written: _PolicyFile, most: float) -> None:
        self._file, self.written, self._most = file, written, most

    def fail(self, problem: str, hint: str, *path: str | int) -> NoReturn:
        raise self._file.error(DecodingError(problem, hint, path))

    def zone(self) -> tzinfo | None:
        name = self.written.zone
        if not name:
            if "zone" in self._file.table:
                self.fail("it is empty", _ZONE, "zone")
            return None
        # "EST" and the like are in the database, and have no summer time there.
        zone = named_zone(name) if "/" in name or name == "UTC" else None
        if zone is None:
            self.fail(f'there is no time zone "{printable(name, 60)}"', _meant(name), "zone")
        return zone

    def refuse_dates(self) -> None:
        """Refuse dates beside those that the learning system tells."""
        for key in ("due", "extension"):
            if key in self._file.table:
                hint = "take it out, and set due dates and extensions there"
                self.fail("the learning system says when the work is due", hint, key)

    def due(self, value: Any, zone: tzinfo | None, *path: str | int) -> datetime:
        """Return a due date in the class's zone."""
        if value is None:
            self.fail(f'the key "{path[-1]}" is missing', f"add it: {_DUE}", *path[:-1])
        if not isinstance(value, datetime):
            what = "a date without a time" if isinstance(value, date) else "no date and time"
            self.fail(f"it is {what}", _DUE, *path)
        if not 1990 <= value.year < 2100:
            self.fail(f"it is in the year {value.year}", "write the year with four digits", *path)
        if value.tzinfo is not None:
            there = value if zone is None else value.astimezone(zone)
            if there.utcoffset() != value.utcoffset():
                self.fail(
                    f"it is {there.isoformat()} in the zone {zone}, and is written as "
                    f"{value.isoformat()}",
                    "leave out what stands behind the time: the zone says it",
                    *path,
                )
            return there
        if zone is None:
            self.fail("it names no time zone", _ZONE, *path)
        try:
            return placed(value, zone)
        except InstantError as error:
            self.fail(f"{value.isoformat(' ')} {error}", "write another time of that day", *path)

    def loss(self) -> Loss:
        written = self.written
        if written.loss_a_day is None:
            self.fail('the key "loss_a_day" is missing', f"{_LOSS}; 0 takes nothing off")
        if (written.max_days is None) != (written.beyond is None):
            there, lacks = (
                ("max_days", "beyond") if written.beyond is None else ("beyond", "max_days")
            )
            hint = _BEYOND if lacks == "beyond" else "max_days = 5: so many days late at most"
            self.fail(f'it needs the key "{lacks}" beside it', hint, there)
        return Loss(
            self._part("loss_a_day", written.loss_a_day),
            None if written.floor is None else self._part("floor", written.floor),
            written.max_days,
            written.beyond == _ZERO,
        )

    def _part(self, key: str, value: float | str) -> PointsOrShare:
        """Return points, or a share that is written as ``"10 %"``."""
        hint = _LOSS.replace("loss_a_day", key)
        percent = isinstance(value, str)
        if isinstance(value, str):
            if not value.strip().endswith("%"):
                self.fail('it is a text without "%"', hint, key)
            try:
                value = float(value.strip()[:-1])
            except ValueError:
                value = float("nan")
        most = 100.0 if percent else self._most
        if not (isfinite(value) and 0 <= value <= most):
            told = f"it is not from 0 to {most:g} {'%' if percent else 'points'}"
            self.fail(told, hint, key)
        return PointsOrShare(float(value), percent)

    def extensions(
        self, due: datetime, zone: tzinfo | None, students: Collection[str]
    ) -> dict[str, Extension]:
        """Return the extensions by the students' ids; each has to be somebody's of the class."""
        known = {written_id(one): one for one in students}
        found: dict[str, Extension] = {}
        for number, one in enumerate(self.written.extension):
            at = ("extension", number)
            id_ = written_id(str(one.id))
            if id_ not in known:
                near = get_close_matches(id_, list(known), n=1)
                self.fail(
                    f'nobody in the class has the id "{printable(id_, 80)}"',
                    f'did you mean "{printable(near[0], 80)}"?'
                    if near
                    else "write the id as grades.csv has it; who has not handed in is known by "
                    "--roster alone",
                    *(*at, "id"),
                )
            if id_ in found:
                self.fail("this student has an extension already", "keep one", *(*at, "id"))
            found[id_] = Extension(
                self._moved(one, due, zone, at), one.reason.strip(), one.by.strip()
            )
        return found

    def _moved(
        self, one: _ExtensionEntry, due: datetime, zone: tzinfo | None, at: tuple[str | int, ...]
    ) -> datetime:
        """Return a student's own due date."""
        if (one.due is None) == (one.days is None):
            said = "neither due nor days" if one.due is None else "both due and days"
            hint = "write days = 3 to move the due date, or due = 2025-03-08T23:59:00"
            self.fail(f"it says {said}", hint, *at)
        if one.days is not None:
            return days_later(due, one.days)
        moved = self.due(one.due, zone, *at, "due")
        if moved <= due:
            self.fail("it is not after the class's due date", "write a later one", *at, "due")
        return moved


def _meant(name: str) -> str:
    """Return what to write in the place of a zone that is not known."""
    zones = available_timezones()
    if not zones:  # Windows has none, for example
        return "this machine has no time zones: pip install tzdata"
    if len(name) < _SHORTEST_PLACE:  # EST, KST: like the name of no place
        return _ZONE
    places = sorted(zone for zone in zones if "/" in zone and not zone.startswith("Etc/"))
    folded = {zone.casefold(): zone for zone in places}
    words = {zone.rpartition("/")[2].casefold(): zone for zone in places}
    for known in (folded, words):
        near = get_close_matches(name.casefold().replace(" ", "_"), list(known), n=1, cutoff=0.75)
        if near:
            return f'did you mean zone = "{known[near[0]]}"?'
    return _ZONE
