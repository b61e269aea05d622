"""Fills in the gradebook that Canvas exported.

Its columns are the name (``Student``, or ``LastName`` and ``FirstName``), ``ID``, SIS columns and
others that only some schools have, ``Section``, notes, one ``Title (id)`` for each assignment, and
read-only totals.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells, columns
from grader.gradebooks.roll import GradebookStudent
from grader.gradebooks.sheet import Filled, Sheet, enter, writes_commas

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.classroom import Graded
    from grader.gradebooks.table import Table, TableRow

_IDS = frozenset({"id", "sis user id", "sis login id", "integration id"})
_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>[0-9]+)\)", re.DOTALL)
# Totals and final grades set by hand: "Override Score (2024)" looks like an assignment.
_NO_ASSIGNMENT = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_POINTS_POSSIBLE = "Points Possible"
_READ_ONLY = re.compile(r"read\s+only")
_POSTING = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
# Excused, and not assigned to this student.
_KEPT = frozenset({"ex", "n/a"})


def is_canvas(table: Table) -> bool:
    """Whether this is a gradebook that Canvas would import, by the columns that Canvas requires."""
    header = table.header
    one, two = ("Student", "ID"), ("LastName", "FirstName", "ID")
    return (header[:2] == one or header[:3] == two) and _section(table) is not None


def fill(
    table: Table, exported: Path, out: Path, graded: Iterable[Graded], column: str | None
) -> Filled:
    """Write Canvas' ``table``, read from ``exported``, to ``out`` with points for an assignment.

    ``column`` names the assignment by its title, its id or its whole header; it may be left out
    if the file has only one. Excused students (``EX``) stay excused. Raises ``GraderError`` if the
    column is not certain.
    """
    section = _section(table)
    assert section is not None  # ``is_canvas`` has looked
    chosen = _column(table, section, column)
    possible = _possible(table)
    return enter(
        Sheet(
            system="Canvas",
            table=table,
            column=chosen,
            people=_people(table, section),
            most=cells.number(possible.value(chosen)) if possible else None,
            above_most="Canvas takes these as extra credit",
            comma=writes_commas(table, [chosen]),
            kept=_KEPT,
        ),
        graded,
        exported,
        out,
    )


def _section(table: Table) -> int | None:
    """Return the column "Section", the last of the columns about the student."""
    return next((i for i, name in enumerate(table.header[:10]) if name == "Section"), None)


def _possible(table: Table) -> TableRow | None:
    """Return the row with each assignment's most points."""
    return next((row for row in table.rows[1:] if _POINTS_POSSIBLE in row.value(0)), None)


def _column(table: Table, section: int, wanted: str | None) -> int:
    header, possible = table.header, _possible(table)
    assignments: dict[int, tuple[str, ...]] = {}
    for number in range(section + 1, len(header)):
        found = _ASSIGNMENT.fullmatch(header[number])
        read_only = possible and _READ_ONLY.search(possible.value(number))
        if found and not read_only and not _NO_ASSIGNMENT.search(header[number]):
            assignments[number] = (header[number], found["title"].strip(), found["id"])
    if not assignments:
        raise GraderError(
            "the gradebook has no column of an assignment, such as 'Homework (1234)'",
            "create the assignment in Canvas, and export the gradebook after that",
        )
    if wanted is not None:
        return columns.named(wanted, assignments, header)
    if len(assignments) > 1:
        raise columns.unsure("the gradebook has several assignments", assignments, header)
    return next(iter(assignments))


def _people(table: Table, section: int) -> tuple[GradebookStudent, ...]:
    header = table.header
    ids = [number for number in range(section) if header[number].casefold() in _IDS]
    people = []
    for number, row in enumerate(table.rows):
        values = row.values
        is_student = number > 0 and _POINTS_POSSIBLE not in values[0]
        # Skip empty rows, and the row that says which assignments are posted by hand.
        if is_student and not all(map(_POSTING.fullmatch, values)):
            names = values[:2] if header[0] == "LastName" else values[:1]
            known_as = tuple(row.value(i).strip() for i in ids)
            people.append(
                GradebookStudent(number, known_as, ", ".join(name.strip() for name in names))
            )
    return tuple(people)
