"""Fills in the grading worksheet that Moodle exported for an assignment.

Its headers are in the exporting user's language, and Moodle imports only the same headers. In every
language the first column is the identifier, a word and a number ("Participant 123",
"Teilnehmer/in123"), and the grade stands before the maximum grade.

"Last modified (grade)" stays: by it Moodle sees that somebody gave a grade after the export, and
keeps that grade. A new date there would overwrite it.
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

_IDENTIFIER = re.compile(r"(?P<word>.*[^0-9])(?P<number>[0-9]+)", re.DOTALL)
# The headers "Grade" and "Scale" in Moodle's language packs, in lower case. Other languages are
# recognised by the columns' order.
_GRADE = frozenset(
    {
        *("grade", "bewertung", "note", "calificación", "성적", "nota", "valutazione", "betyg"),
        *("cijfer", "beoordeling", "qualificació", "ocena", "評点", "評定", "成绩", "成績"),
    }
)
_SCALE = frozenset({"scale", "skala", "barème", "escala", "척도", "scala", "schaal"})


def is_moodle(table: Table) -> bool:
    """Whether this is a grading worksheet: rows begin with the same word and a unique number."""
    found = [_IDENTIFIER.fullmatch(row.value(0).strip()) for row in _students(table).values()]
    parts = [(one["word"], one["number"]) for one in found if one]
    one_word = len({word for word, _ in parts}) == 1
    return one_word and len(set(parts)) == len(found)


def fill(
    table: Table, worksheet: Path, out: Path, graded: Iterable[Graded], column: str | None
) -> Filled:
    """Write Moodle's ``table``, read from ``worksheet``, to ``out`` with points in one column.

    ``column`` is the grade column's header; it may be left out if the language is known or the
    columns leave no doubt. Raises ``GraderError`` if the assignment is graded in words or the
    column is not certain.
    """
    chosen = _column(table, column)
    if table.header[chosen + 1 : chosen + 2] and table.header[chosen + 1].casefold() in _SCALE:
        raise GraderError(
            "this Moodle assignment is graded with a scale of words, not with points",
            "set its grade to the type Point in Moodle, and export the worksheet again",
        )
    return enter(
        Sheet(
            system="Moodle",
            table=table,
            column=chosen,
            people=_people(table, chosen),
            most=_maximum(table, chosen + 1),
            above_most="Moodle leaves these out without a word, unless its maximum is raised",
            comma=writes_commas(table, [chosen, chosen + 1]),
        ),
        graded,
        worksheet,
        out,
    )


def _students(table: Table) -> dict[int, TableRow]:
    return {i: row for i, row in enumerate(table.rows) if i > 0 and any(row.cells)}


def _column(table: Table, wanted: str | None) -> int:
    header = table.header
    candidates = {number: (header[number],) for number in range(1, len(header))}
    if wanted is not None:
        return columns.named(wanted, candidates, header)
    certain = [number for number in candidates if header[number].casefold() in _GRADE]
    if len(certain) != 1:
        among = certain or candidates
        certain = [number for number in among if _stands_before_maximum(table, number)]
    if len(certain) != 1:
        message = "which column of the worksheet holds the grade is not certain"
        raise columns.unsure(message, candidates, header)
    return certain[0]


def _stands_before_maximum(table: Table, column: int) -> bool:
    """Whether a column holds at most grades, and the next one the same maximum in every row."""
    most = _maximum(table, column + 1)
    cells_here = [row.value(column).strip() for row in _students(table).values()]
    grades = [cells.number(cell) for cell in cells_here if cell]
    return most is not None and all(grade is not None and 0 <= grade <= most for grade in grades)


def _maximum(table: Table, column: int) -> float | None:
    """Return the one positive number that all rows have in a column, if it is so."""
    values = {cells.number(row.value(column)) for row in _students(table).values()}
    most = values.pop() if len(values) == 1 else None
    return most if most is not None and most > 0 else None


def _people(table: Table, grade: int) -> tuple[GradebookStudent, ...]:
    students = _students(table)
    about = {
        column: [row.value(column).strip() for row in students.values()]
        for column in range(1, grade)
    }
    # In any language a column whose cells are all different and have no spaces holds addresses,
    # user names or numbers of the school.
    keys = [column for column, words in about.items() if _tells_apart(words)]
    # In an anonymous worksheet the second column is not a name, but a status that many share.
    names = about.get(1, [])
    named = len(set(names)) * 2 > len(students)
    people = []
    for index, (number, row) in enumerate(students.items()):
        identifier = row.value(0).strip()
        found = _IDENTIFIER.fullmatch(identifier)
        ids = (found["number"] if found else "", *(about[column][index] for column in keys))
        people.append(GradebookStudent(number, ids, names[index] if named else identifier))
    return tuple(people)


def _tells_apart(words: list[str]) -> bool:
    filled = [word for word in words if word]
    return len(set(filled)) == len(filled) and not any(" " in word for word in filled)
