"""Reads the ``grades.csv`` in Sakai's download of an assignment's submissions.

The first row is the assignment's title and the type of its grade, such as SCORE_GRADE_TYPE, the
second is empty, the third names the columns in the user's language: the display id, the id, the
last name, the first name, the grade, and the submission's date and lateness. All cells are quoted,
separated by a comma or a semicolon, in UTF-8 with a byte order mark (sakaiproject/sakai,
SpreadsheetExporter.java at 13e31924).

An upload skips three rows and reads the id in the second cell and the grade in the fifth; of a
group's assignment, the group's id in the second and the grade in the fourth. It reads the grade in
the user's number format. An empty cell takes back a grade that Sakai has (AssignmentAction.java at
b11151dc, ``uploadAll_parseZipFile`` and ``uploadAll_updateSubmissions``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks.model import GradebookFile, GradebookStudent, PointsColumn

if TYPE_CHECKING:
    from grader.gradebooks.table import Table

_TYPE, _POINTS = "_GRADE_TYPE", "SCORE_GRADE_TYPE"
_TOP = 2
_TIME_OF_DAY = re.compile(r"[0-9]:[0-9]")
_DISPLAY_ID, _ID, _LAST, _FIRST, _GRADE = range(5)


def read(table: Table) -> GradebookFile | None:
    """Return the file, or ``None`` if its first row states no type of grade.

    Raises ``GraderError`` if the type is not points, or if its rows are groups.
    """
    title, kind = table.rows[0].value(0), table.rows[0].value(1).strip()
    if not kind.endswith(_TYPE) or len(table.rows) <= _TOP:
        return None
    if kind != _POINTS:
        raise GraderError(
            "this Sakai assignment is not graded with points",
            "set its grade scale to points in Sakai, and download the submissions again",
        )
    table = table.below(_TOP)
    header = table.header
    # A group's row has one title instead of two names, so that the date stands in the fifth cell.
    fifth = [row.value(_GRADE) for row in table.records.values()]
    if len(header) <= _GRADE or any(map(_TIME_OF_DAY.search, fifth)):
        raise GraderError(
            "this file of Sakai lists groups, not students",
            "grade without --gradebook, and enter the points from our grades.csv by hand",
        )
    people = tuple(
        GradebookStudent(
            number,
            (row.value(_DISPLAY_ID).strip(), row.value(_ID).strip()),
            ", ".join(filter(None, (row.value(_LAST).strip(), row.value(_FIRST).strip()))),
        )
        for number, row in table.records.items()
    )
    return GradebookFile(
        system="Sakai",
        table=table,
        columns={_GRADE: PointsColumn(title.strip(), (header[_GRADE], title.strip()))},
        people=lambda _column: people,
        above_most="",
    )
