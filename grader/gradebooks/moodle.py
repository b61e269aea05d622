"""Reads the grading worksheet that Moodle exported for an assignment.

Its headers are in the exporting user's language, and Moodle imports only the same headers. In every
language the first column is the identifier, a word and a number ("Participant 123",
"Teilnehmer/in123"), and the grade stands before the maximum grade.

"Last modified (grade)" stays: by it Moodle sees that somebody gave a grade after the export, and
keeps that grade. A new date there would overwrite it. An import also leaves out, without a word,
empty grades, grades above the maximum, and grades that are locked; each member of a group has a row
and a grade (moodle/moodle, mod/assign/feedback/offline/locallib.php at 04975560).

Moodle's other file, the export of its gradebook, is refused: it has all assignments of a course and
no maximum, and Moodle takes it back only through an import in which every column is assigned by
hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells
from grader.gradebooks.model import GradebookFile, GradebookStudent, PointsColumn

if TYPE_CHECKING:
    from grader.gradebooks.table import Table

_IDENTIFIER = re.compile(r"(?P<word>.*[^0-9])(?P<number>[0-9]+)", re.DOTALL)
# "No" below "Grade can be changed", which stands after the maximum grade (locallib.php above: a
# grade that is locked, or was set by hand in the gradebook). Moodle's string ``no``, read in no
# source except for English.
_NO = frozenset(
    {
        *("no", "nein", "non", "não", "nee", "nej", "nei", "ei", "nie", "ne", "nem", "nu"),
        *("hay\u0131r", "нет", "ні", "не", "όχι", "không", "tidak", "아니오", "아니요"),
        *("いいえ", "否", "لا", "לא"),
    }
)
# The headers "Grade" and "Scale" in Moodle's language packs, in lower case. Other languages are
# recognised by the columns' order.
_GRADE = frozenset(
    {
        *("grade", "bewertung", "note", "calificación", "성적", "nota", "valutazione", "betyg"),
        *("cijfer", "beoordeling", "qualificació", "ocena", "評点", "評定", "成绩", "成績"),
    }
)
_SCALE = frozenset({"scale", "skala", "barème", "escala", "척도", "scala", "schaal"})
_EXPORTED = re.compile(r"1[0-9]{9}")  # a time in seconds since 1970, until 2033


def read(table: Table) -> GradebookFile | None:
    """Return the worksheet, or ``None`` if its rows do not begin with one word and a number.

    Raises ``GraderError`` for the export of Moodle's gradebook.
    """
    _refuse_gradebook(table)
    found = [_IDENTIFIER.fullmatch(row.value(0).strip()) for row in table.records.values()]
    parts = [(one["word"], one["number"]) for one in found if one]
    words = {word for word, _ in parts}
    # A few rows may stand twice, which concerns these students alone.
    if len(words) != 1 or 2 * len(set(parts)) <= len(found):
        return None
    return GradebookFile(
        system="Moodle",
        table=table,
        columns=_columns(table),
        people=lambda column: _people(table, column),
        above_most="Moodle leaves these out without a word, unless its maximum is raised",
        participant=words.pop(),
        usual=_usual(table),
    )


def _refuse_gradebook(table: Table) -> None:
    """Raise ``GraderError`` if all rows end in the time of the export, and none in a grade."""
    ends = {row.value(len(table.header) - 1).strip() for row in table.records.values()}
    if len(ends) == 1 and _EXPORTED.fullmatch(next(iter(ends))):
        raise GraderError(
            "this is the export of Moodle's gradebook, which Moodle does not take back as it is",
            "give the assignment's grading worksheet: the assignment, Submissions, "
            "Download grading worksheet",
        )


def _columns(table: Table) -> dict[int, PointsColumn]:
    header = table.header
    return {
        number: PointsColumn(
            "", (header[number],), _maximum(table, number + 1), _is_scale(table, number + 1)
        )
        for number in range(1, len(header))
    }


def _usual(table: Table) -> int | None:
    """Return the grade's column, if the header's language or the columns' order is certain."""
    header = table.header
    candidates = range(1, len(header))
    certain = [number for number in candidates if header[number].casefold() in _GRADE]
    if len(certain) != 1:
        among = certain or candidates
        certain = [number for number in among if _stands_before_maximum(table, number)]
    return certain[0] if len(certain) == 1 else None


def _stands_before_maximum(table: Table, column: int) -> bool:
    """Whether a column holds at most grades, and the next one the same maximum in every row."""
    most = _maximum(table, column + 1)
    cells_here = [row.value(column).strip() for row in table.records.values()]
    grades = [cells.number(cell) for cell in cells_here if cell not in cells.NOTHING]
    return most is not None and all(grade is not None and 0 <= grade <= most for grade in grades)


def _maximum(table: Table, column: int) -> float | None:
    """Return the one positive number that all rows have in a column, if it is so."""
    values = {cells.number(row.value(column)) for row in table.records.values()}
    most = values.pop() if len(values) == 1 else None
    return most if most is not None and most > 0 else None


def _is_scale(table: Table, column: int) -> bool:
    """Whether a column is the list of a scale's words, one a line and the same in every row."""
    values = {row.value(column).strip() for row in table.records.values()}
    named = table.header[column : column + 1] and table.header[column].casefold() in _SCALE
    return bool(named) or (len(values) == 1 and "\n" in values.pop())


def _people(table: Table, grade: int) -> tuple[GradebookStudent, ...]:
    students = table.records
    about = {
        column: [row.value(column).strip() for row in students.values()]
        for column in range(1, grade)
    }
    # In any language a column whose cells are all different and have no spaces holds addresses,
    # user names or numbers of the school.
    keys = [column for column, words in about.items() if _tells_apart(words)]
    # In an anonymous worksheet there are no addresses, and the second column is not a name, but a
    # status that many share.
    names = about.get(1, [])
    addresses = any("@" in word for words in about.values() for word in words)
    named = addresses or len(set(names)) * 2 > len(students)
    if named and 1 in keys:  # names without spaces, as in Korean, are no ids
        keys.remove(1)
    people = []
    for index, (number, row) in enumerate(students.items()):
        identifier = row.value(0).strip()
        found = _IDENTIFIER.fullmatch(identifier)
        number_alone = found["number"] if found else ""
        ids = (identifier, number_alone, *(about[column][index] for column in keys))
        locked = row.value(grade + 2).strip().casefold() in _NO
        people.append(GradebookStudent(number, ids, names[index] if named else "", locked))
    return tuple(people)


def _tells_apart(words: list[str]) -> bool:
    """Whether (nearly) all cells differ and none has a space; an id may stand twice by mistake."""
    filled = [word for word in words if word]
    distinct = 10 * len(set(filled)) > 9 * len(filled) if filled else False
    return distinct and not any(" " in word for word in filled)
