"""Reads the gradebook that Canvas exported.

Its columns are the name (``Student``, or ``LastName`` and ``FirstName``), ``ID``, SIS columns and
others that only some schools have, ``Section``, notes, one ``Title (id)`` for each assignment, and
read-only totals. These words are English in every language; "(read only)" and the numbers are in
the user's. Rows without an id stand above the students: "Points Possible", and which assignments
are posted by hand. A cell says ``EX`` for an excused student, and ``N/A`` where the assignment is
not assigned or not yet posted (instructure/canvas-lms, lib/gradebook_exporter.rb at 0140a2ef).

The last row is the teacher's student view ("Student, Test"). It has no SIS id, and a login of
hexadecimal digits (not read in a source).
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells
from grader.gradebooks.model import GradebookFile, GradebookStudent, PointsColumn
from grader.identity import name_keys

if TYPE_CHECKING:
    from grader.gradebooks.table import Table, TableRow

_IDS = frozenset({"id", "sis user id", "sis login id", "integration id"})
_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>[0-9]+)\)", re.DOTALL)
# Totals and final grades set by hand: "Override Score (2024)" looks like an assignment.
_NO_ASSIGNMENT = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
# "(read only)", in any language.
_READ_ONLY = re.compile(r"\(.*\)", re.DOTALL)
_TEST_STUDENT = name_keys("Student, Test")
_HEXADECIMAL = re.compile(r"[0-9a-f]{40}")


def read(table: Table) -> GradebookFile | None:
    """Return the gradebook, or ``None`` if a table lacks the columns that Canvas requires.

    Raises ``GraderError`` if no column holds an assignment.
    """
    header = table.header
    one, two = ("Student", "ID"), ("LastName", "FirstName", "ID")
    section = next((i for i, name in enumerate(header[:10]) if name == "Section"), None)
    if section is None or (header[:2] != one and header[:3] != two):
        return None
    ids = [number for number in range(section) if header[number].casefold() in _IDS]
    people = _people(table, ids)
    return GradebookFile(
        system="Canvas",
        table=table,
        columns=_columns(table, section, _possible(table, ids)),
        people=lambda _column: people,
        above_most="Canvas takes these as extra credit",
    )


def _possible(table: Table, ids: list[int]) -> TableRow | None:
    """Return the row with each assignment's most points, which has numbers and no id."""
    above = takewhile(lambda row: not _has_id(row, ids), table.records.values())
    return next((row for row in above if any(map(_is_number, row.values))), None)


def _has_id(row: TableRow, ids: list[int]) -> bool:
    return any(row.value(i).strip() for i in ids)


def _is_number(cell: str) -> bool:
    return cells.number(cell) is not None


def _columns(table: Table, section: int, possible: TableRow | None) -> dict[int, PointsColumn]:
    columns = {}
    for number, name in enumerate(table.header):
        found = _ASSIGNMENT.fullmatch(name)
        most = possible.value(number).strip() if possible else ""
        if number <= section or not found or _NO_ASSIGNMENT.search(name):
            continue
        if not _READ_ONLY.fullmatch(most):
            title = found["title"].strip()
            names = (name, title, found["id"])
            columns[number] = PointsColumn(title, names, most=cells.number(most))
    if not columns:
        raise GraderError(
            "the gradebook has no column of an assignment, such as 'Homework (1234)'",
            "create the assignment in Canvas, and export the gradebook after that",
        )
    return columns


def _people(table: Table, ids: list[int]) -> tuple[GradebookStudent, ...]:
    header = table.header
    people: list[GradebookStudent] = []
    for number, row in table.records.items():
        names = row.values[: 2 if header[0] == "LastName" else 1]
        name = ", ".join(filter(None, (part.strip() for part in names)))
        known_as = {header[i].casefold(): row.value(i).strip() for i in ids}
        above = not people and not _has_id(row, ids)
        if not above and not _is_test_student(name, known_as):
            people.append(GradebookStudent(number, tuple(known_as.values()), name))
    return tuple(people)


def _is_test_student(name: str, known_as: dict[str, str]) -> bool:
    no_number = not known_as.get("sis user id")
    named_so = bool(name_keys(name) & _TEST_STUDENT)
    return no_number and (
        named_so or bool(_HEXADECIMAL.fullmatch(known_as.get("sis login id", "")))
    )
