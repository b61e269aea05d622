"""Reads the file that Blackboard Learn downloads for working offline.

Named ``gc_<course>_fullgc_<date>.xls``, it is no spreadsheet but text in UTF-16 with a byte order
mark and tabs, or, if chosen so, commas in a ``.csv`` file. Its columns are the last name, the first
name, the user name, the student's id, the last access and the availability, in the user's language,
and one ``Title [Total Pts: 100 Score] |409586`` for each column of the Grade Center; a calculated
column says "up to 100" instead of 100, and is not imported. Read in scripts that handle it:
nbeaver/offline-grades-upload (readme.rst), and a stored course script with
``[Total Pts: up to 40.41369 Percentage] |1380458``.

An upload finds a student by the user name and a column by the number behind ``|``; other columns
make new ones (Blackboard's help, "Work Offline with Grade Data", as universities quote it). A cell
of work that waits for its grade says "Needs Grading". What stands for an exempt student, and these
words in other languages, were not read in a source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells
from grader.gradebooks.model import UTF_8, GradebookFile, GradebookStudent, PointsColumn

if TYPE_CHECKING:
    from grader.gradebooks.table import Table

_COLUMN = re.compile(
    r"(?P<title>.*?)\s*\[[^\[\]]*?[:\uff1a]\s*(?P<most>(?P<points>[0-9][0-9.,]*)?[^\[\]]*)\]"
    r"\s*\|\s*(?P<id>[0-9]+)",
    re.DOTALL,
)
_PREVIEW = "_previewuser"  # the account of a teacher's student preview; not read in a source
_LAST, _FIRST, _USER, _STUDENT = range(4)


def read(table: Table) -> GradebookFile | None:
    """Return the file, or ``None`` if no column has Blackboard's form.

    Raises ``GraderError`` if all of them are calculated.
    """
    header = table.header
    found = {i: match for i, name in enumerate(header) if (match := _COLUMN.fullmatch(name))}
    if not found or min(found) <= _USER:
        return None
    columns = {
        i: PointsColumn(
            one["title"],
            (header[i], one["title"], one["id"]),
            most=cells.number(one["points"].rstrip(".,")),
        )
        for i, one in found.items()
        if one["points"]
    }
    if not columns:
        raise GraderError(
            "all columns of the Blackboard file are calculated",
            "create the assignment in Blackboard, and download the grades after that",
        )
    people = _people(table, min(found))
    return GradebookFile(
        system="Blackboard",
        table=table,
        columns=columns,
        people=lambda _column: people,
        above_most="whether Blackboard takes these depends on the column",
        encodings=UTF_8 | {"utf-16-le"},
    )


def _people(table: Table, end: int) -> tuple[GradebookStudent, ...]:
    ids = [i for i in (_USER, _STUDENT) if i < end]
    people = []
    for number, row in table.records.items():
        name = ", ".join(filter(None, (row.value(i).strip() for i in (_LAST, _FIRST))))
        if not row.value(_USER).strip().casefold().endswith(_PREVIEW):
            known_as = tuple(row.value(i).strip() for i in ids)
            people.append(GradebookStudent(number, known_as, name))
    return tuple(people)
