"""Reads a roster: a CSV file with a header, from a spreadsheet, an LMS or by hand."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader.classroom import Student
from grader.errors import GraderError
from grader.intake import caps
from grader.intake.names import clean, decode
from grader.intake.roster.columns import columns
from grader.intake.roster.people import Roster, RosterStudent
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DELIMITERS = ",;\t"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_EXAMPLE = "The first line names the columns, as in: id,name,email,section"
# Canvas writes the most points below the header, in the form of a student's row.
_NOBODY = "points possible"


def read_roster(path: str | os.PathLike[str]) -> Roster:
    """Read a roster in UTF-8, UTF-16 or cp949, separated by commas, semicolons or tabs.

    Raises ``GraderError``, with the line, if it cannot be read or contradicts itself.
    """
    name = printable(os.path.basename(path), 80)  # noqa: PTH119 - a path of any text
    rows = _rows(_text(path, name), name)
    _, header = next(rows, (0, []))
    places = columns(header)
    if not places["id"] and not places["email"] and not places["login"]:
        raise GraderError(f"the roster {name} has no column for the students' ids", _EXAMPLE)
    people: dict[str, tuple[int, RosterStudent]] = {}
    for line, row in rows:
        person = _person(row, places, line, name, len(header))
        if person is None:
            continue
        known = people.setdefault(person.student.id, (line, person))
        if known[1] is not person:
            id_ = printable(person.student.id, 60)
            _refuse(
                name, line, f"the id {id_} is already in line {known[0]}", "Remove one of them."
            )
    if not people:
        raise GraderError(f"the roster {name} lists no students", _EXAMPLE)
    return Roster(tuple(person for _, person in people.values()), name)


def _text(path: str | os.PathLike[str], name: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(caps.ROSTER_BYTES + 1)
    except (OSError, ValueError) as error:
        why = printable(getattr(error, "strerror", None) or str(error), 80)
        raise GraderError(f"the roster {name} cannot be read ({why})", "Check the path.") from None
    if len(data) > caps.ROSTER_BYTES:
        raise GraderError(
            f"the roster {name} is larger than {caps.ROSTER_BYTES // 10**6} MB", _EXAMPLE
        )
    if data.startswith(_SPREADSHEETS):
        raise GraderError(
            f"the roster {name} is a spreadsheet, not a CSV file", "Save it as CSV (UTF-8)."
        )
    encoding = next((e for mark, e in _BOMS.items() if data.startswith(mark)), None)
    try:
        text = data.decode(encoding) if encoding else decode(data, "cp1252")
    except UnicodeDecodeError:
        raise GraderError(
            f"the roster {name} is not text in the encoding that it states",
            "Save it as CSV (UTF-8).",
        ) from None
    if "\0" in text:
        raise GraderError(f"the roster {name} is not text", "Save it as CSV (UTF-8).")
    return text


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with its first line's number."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = printable(str(error), 80)
            _refuse(name, line, f"cannot be read ({why})", "Look at the quotes in it.")
        row = [clean(cell).strip() for cell in cells]
        if any("\n" in cell or "\r" in cell for cell in row):
            _refuse(name, line, "holds a line break within quotes", "Look at the quotes in it.")
        if any(row):
            yield line, row
        line = reader.line_num + 1


def _person(
    row: Sequence[str], places: Mapping[str, Sequence[int]], line: int, name: str, width: int
) -> RosterStudent | None:
    if any(row[width:]):
        _refuse(
            name,
            line,
            f"has {len(row)} cells, and the header names {width}",
            'Put names that hold the delimiter into quotes: "Kim, Minsu".',
        )
    cells = {purpose: _cells(row, columns_) for purpose, columns_ in places.items()}
    first, last = (" ".join(cells[purpose][:1]) for purpose in ("first", "last"))
    called = cells["name"][0] if cells["name"] else _full(first, last)
    ids = cells["id"] if places["id"] else cells["email"] or cells["login"]
    if row[0].casefold() == _NOBODY or not (ids or called or cells["email"]):
        return None
    # The first column with an id identifies the students; the others hold further ids.
    main = places["id"][:1] or places["email"][:1] or places["login"][:1]
    if not _cells(row, main):
        _refuse(name, line, "has no id", "Every student needs one; it may be any text.")
    return RosterStudent(
        Student(ids[0], called, *(" ".join(cells[p][:1]) for p in ("email", "section"))),
        aliases=tuple(ids[1:]),
        logins=tuple(cells["login"]),
    )


def _cells(row: Sequence[str], places: Sequence[int]) -> list[str]:
    return [row[place] for place in places if place < len(row) and row[place]]


def _full(first: str, last: str) -> str:
    """Return a full name, Korean names with the family name first and without a space."""
    if any("가" <= c <= "힣" for c in last):
        return last + first
    return f"{first} {last}".strip()


def _refuse(name: str, line: int, what: str, hint: str) -> NoReturn:
    raise GraderError(f"the roster {name}: line {line} {what}", hint)
