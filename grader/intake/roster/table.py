"""Reads a roster: a CSV file with a header, from a spreadsheet, an LMS or by hand."""

from __future__ import annotations

import os

from grader.classroom import Unclear
from grader.errors import GraderError
from grader.intake.remarks import shortened
from grader.intake.roster.columns import columns, header_of, shared_values
from grader.intake.roster.entries import EntryReader, told_apart
from grader.intake.roster.people import Roster
from grader.intake.roster.text import read_rows
from grader.text import printable

_EXAMPLE = "The first line names the columns, as in: id,name,email,section"
_OPEN_QUOTE = "has a quote that is not closed, and is read as if it had none"


def read_roster(
    path: str | os.PathLike[str], what: str = "roster", *, names_alone: bool = False
) -> Roster:
    """Read a roster in UTF-8, UTF-16 or cp949, separated by commas, semicolons or tabs.

    Rows that cannot be used are listed in its ``unclear``, and cost nobody else. Raises
    ``GraderError`` if the file cannot be read, no column tells the students apart, or none is
    listed. ``what`` names the kind of file in errors; with ``names_alone`` a name is an id.
    """
    name = printable(os.path.basename(path), 80)  # noqa: PTH119 - a path of any text
    file = read_rows(path, f"the {what} {name}")
    at = header_of(file.rows)
    header = file.rows[at].cells if at is not None else ()
    rows = file.rows[at + 1 :] if at is not None else ()
    places = columns(header, rows)
    telling = ["id", "participant", "email", "login", *(["name", "last"] if names_alone else [])]
    if not any(places[purpose] for purpose in telling):
        raise GraderError(f"the {what} {name} has no column for the students' ids", _EXAMPLE)
    reader = EntryReader(header, places, shared_values(places, rows, len(header)))
    entries = [entry for entry in map(reader.read, rows) if entry is not None]
    people, odd = told_apart(entries, names_alone=names_alone)
    if not people:
        raise GraderError(f"the {what} {name} lists no students", _EXAMPLE)
    odd += [(line, _OPEN_QUOTE) for line in file.broken]
    remarks = [Unclear(f"{name}, line {line}", why) for line, why in sorted(odd)]
    return Roster(people, name, shortened(remarks), named=len(places["group"]))
