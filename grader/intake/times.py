"""Reads when each student handed in: a CSV file with ids and times, where a download has no times.

A learning system's own table will do, such as Gradescope's grades or Classroom 50's ``scores.csv``:
the columns are known by their names. Rows are matched by ids alone, never by names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.identity import plain_id, without_zeros
from grader.intake.names import letters
from grader.intake.roster.column_names import BY_NAME
from grader.intake.roster.text import read_rows
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.classroom import Student
    from grader.intake.roster.text import Row

_EXAMPLE = "the first line names the columns, as in: id,time"
_HEADERS = 12  # rows in which the header is looked for
_TIMES = frozenset(
    map(
        letters,
        (
            *("time", "handed in", "submission time", "submitted at", "submitted", "submitted on"),
            *("submission date", "datetime", "date time", "timestamp", "date", "created at"),
            *("zeit", "abgabezeit", "abgegeben am", "제출시간", "제출일시", "시간"),
        ),
    )
)
_WHO = ("id", "login", "email")
# "Submission Time (UTC)": what stands behind the name may be the zone of all times below.
_HEADER = re.compile(r"(?P<name>[^(]*)(?:\((?P<zone>[^)]*)\))?\s*")
_ASSIGNMENT = frozenset(map(letters, ("assignment", "homework", "과제")))


@dataclass(frozen=True)
class HandInTime:
    """A time as a file writes it, and ``where`` in which file."""

    text: str
    where: str


@dataclass(frozen=True)
class HandInTimes:
    """The times by the students' ids; ``strangers`` are the rows of nobody in the class."""

    by_student: Mapping[str, HandInTime]
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Places:
    """The numbers of the columns; ``zone`` is what the head of the times says of theirs."""

    time: int
    zone: str
    who: Sequence[int]
    assignment: int | None


def read_times(
    path: str, students: Iterable[Student], assignment: Sequence[str], *, of_course: bool = False
) -> HandInTimes:
    """Return when each of the students handed in, as the file at ``path`` says.

    Where it has a column of assignments, only rows that name this ``assignment`` count; for a
    course it must have one. Raises ``GraderError`` for a file that can't be read, and for a row
    that may mean several students, or another time than an earlier one.
    """
    shown = f"the file of times {printable(path.replace(chr(92), '/').rpartition('/')[2], 80)}"
    rows = read_rows(path, shown).rows
    places, at = _places(rows, shown)
    if of_course and places.assignment is None:
        raise GraderError(
            f"{shown} has no column of assignments, and a course has several",
            "the first line names the columns, as in: id,assignment,time",
        )
    index = _index(students)
    wanted = {letters(name) for name in assignment}
    found: dict[str, HandInTime] = {}
    strangers = []
    for row in rows[at + 1 :]:
        where = f"{shown}, line {row.line}"
        if places.assignment is not None and letters(_cell(row, places.assignment)) not in wanted:
            continue
        text = f"{_cell(row, places.time)} {places.zone}".strip()
        if not _cell(row, places.time):
            continue
        student = _student(row, places.who, index, where)
        if student is None:
            strangers.append(where)
            continue
        before = found.setdefault(student, HandInTime(text, where))
        if before.text != text:
            raise GraderError(
                f"{where}: a second time of {printable(student, 60)}, {printable(text, 60)}; line "
                f"{before.where.rpartition(' ')[2]} says {printable(before.text, 60)}",
                "leave the row of the attempt that counts",
            )
    if strangers and not found:
        raise GraderError(
            f"{shown} has no time of anybody in the class",
            "its ids have to be those of grades.csv, or logins or e-mail addresses of the roster",
        )
    return HandInTimes(found, tuple(strangers))


def _places(rows: Sequence[Row], shown: str) -> tuple[_Places, int]:
    """Return the places of the columns, and the number of the row that names them."""
    for at, row in enumerate(rows[:_HEADERS]):
        heads = [_HEADER.fullmatch(cell) for cell in row.cells]
        called = [letters(head["name"]) if head else "" for head in heads]
        times = [n for n, name in enumerate(called) if name in _TIMES]
        who = [n for n, name in enumerate(called) if any(name in BY_NAME[kind] for kind in _WHO)]
        if len(times) > 1 and who:
            several = ", ".join(printable(row.cells[n], 40) for n in times)
            raise GraderError(f"{shown} has several columns of times: {several}", "leave one there")
        if times and who:
            assignment = next((n for n, name in enumerate(called) if name in _ASSIGNMENT), None)
            head = heads[times[0]]
            return _Places(times[0], (head and head["zone"]) or "", who, assignment), at
    raise GraderError(f"{shown} has no columns of ids and of times", _EXAMPLE)


def _index(students: Iterable[Student]) -> dict[str, set[str]]:
    """Return the students' ids by all that may stand for them in a file."""
    index: defaultdict[str, set[str]] = defaultdict(set)
    for one in students:
        for name in (one.id, one.email):
            if name:
                index[plain_id(name)].add(one.id)
    shorter = {without_zeros(name) for name in index}
    for name in [name for name in index if without_zeros(name) != name]:
        if without_zeros(name) in shorter - index.keys():
            index[without_zeros(name)] |= index[name]
    return dict(index)


def _student(
    row: Row, places: Sequence[int], index: Mapping[str, set[str]], where: str
) -> str | None:
    """Return the id of the one student whom a row means, ``None`` for a stranger."""
    means = {id_ for n in places for id_ in index.get(plain_id(_cell(row, n)), ())}
    if len(means) > 1:
        several = ", ".join(printable(id_, 60) for id_ in sorted(means))
        raise GraderError(f"{where} may mean {several}", "leave one id in each row")
    return next(iter(means), None)


def _cell(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""
