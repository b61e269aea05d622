"""Enters points in a given column of an exported gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.files import replacing
from grader.gradebooks import cells
from grader.gradebooks.claims import Claims
from grader.gradebooks.releasable import total_points
from grader.gradebooks.roll import Roll
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from grader.classroom import Graded, Student
    from grader.gradebooks.roll import GradebookStudent
    from grader.gradebooks.table import Table

_MOST_NAMES = 10


@dataclass(frozen=True)
class Filled:
    """The result of filling in a gradebook.

    ``matched`` students have a row, and ``written`` of them now have their points in it; the
    ``warnings``, one sentence each, explain the difference. ``unmatched_students`` were graded and
    have no row. ``unmatched_rows`` are the gradebook's names without graded work, whose cells did
    not change. ``column`` is the header of the points' column.
    """

    path: Path
    system: str
    column: str
    matched: int
    written: int
    unmatched_students: tuple[Student, ...]
    unmatched_rows: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """An exported gradebook with its parsed columns and people.

    ``kept`` are the words, in lower case, that stay in the column, since they mean that the student
    gets no points. ``most`` is the system's maximum, where the file tells it, and ``above_most``
    what the system does with points above it.
    """

    system: str
    table: Table
    column: int
    people: tuple[GradebookStudent, ...]
    most: float | None
    above_most: str
    comma: bool
    kept: frozenset[str] = frozenset()


def writes_commas(table: Table, columns: Iterable[int]) -> bool:
    """Whether a file writes 12,5: numbers in these columns do, or it is separated by ``;``."""
    written = [row.value(column) for row in table.rows[1:] for column in columns]
    signs = "".join(cell for cell in written if cells.number(cell) is not None)
    return "," in signs or (table.delimiter == ";" and "." not in signs)


def enter(sheet: Sheet, graded: Iterable[Graded], source: Path, out: Path) -> Filled:
    """Write ``source`` to ``out`` with everybody's points; all other cells stay byte for byte.

    Points are never scaled to the system's maximum: a student who reads 85 in the feedback must
    find 85 in the gradebook, and a wrong maximum can be corrected in the course. Raises
    ``GraderError`` when ``out`` can't be written.
    """
    if _same_file(source, out):
        # A TA needs the export when something goes wrong.
        raise GraderError(
            "the filled-in gradebook would take the place of the exported one: "
            f"{printable(out.name, 200)}",
            "give the result a name of its own",
        )
    roll, claims, ours = Roll(sheet.people), Claims(), 0.0
    for one in graded:
        claims.add(one.student, roll.find(one.student), total_points(one))
        ours = max(ours, one.report.max_score)
    changes, written, warnings = _changes(sheet, claims)
    with replacing(out) as file:
        file.write(sheet.table.with_cells(changes))
    return Filled(
        path=out,
        system=sheet.system,
        column=printable(sheet.table.header[sheet.column], 200),
        matched=len(claims.settled),
        written=written,
        unmatched_students=tuple(claims.losers),
        unmatched_rows=tuple(
            printable(person.name, 100) for person in sheet.people if person not in claims.settled
        ),
        warnings=(*_about_all(sheet, claims, ours), *warnings),
    )


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # there is no such file yet
        return False


def _changes(sheet: Sheet, claims: Claims) -> tuple[dict[tuple[int, int], str], int, list[str]]:
    """Return the cells to write, the number of students with points, and warnings."""
    changes: dict[tuple[int, int], str] = {}
    kept: dict[str, list[str]] = {}
    unsettled, other = [], []
    for person, claim in claims.settled.items():
        name = printable(person.name or claim.student.shown, 60)
        before = sheet.table.rows[person.row].value(sheet.column).strip()
        if before.casefold() in sheet.kept:
            kept.setdefault(before, []).append(name)
        elif claim.points is None:
            unsettled.append(name)
        # The same number in another form (85.00) stays.
        elif cells.number(before) != round(claim.points, 2):
            after = cells.score(claim.points, comma=sheet.comma)
            changes[person.row, sheet.column] = after
            if before:
                other.append(f"{name} ({printable(before, 20)}, now {after})")
    warnings = [
        f"the cells of these say {word} and stay so: {_listed(names)}"
        for word, names in kept.items()
    ]
    if unsettled:
        warnings.append(
            "the grader itself failed on the work of these, and their cells are as they were: "
            f"{_listed(unsettled)}"
        )
    if other:
        warnings.append(f"other points stood there before: {_listed(other)}")
    left = len(unsettled) + sum(map(len, kept.values()))
    return changes, len(claims.settled) - left, warnings


def _about_all(sheet: Sheet, claims: Claims, ours: float) -> list[str]:
    """Return the warnings about the gradebook as a whole."""
    warnings = []
    if sheet.table.encoding != "utf-8":
        warnings.append(
            "the gradebook is not in UTF-8 (a spreadsheet program saved it?) and was kept as it "
            f"is; {sheet.system} may refuse it: fill in the file that {sheet.system} exported"
        )
    if not claims.settled and claims.losers:
        warnings.append("no graded student is in this gradebook: is it the right course's?")
    if claims.contested:
        names = [printable(person.name, 60) for person in claims.contested]
        warnings.append(
            f"more than one student was graded as these, so none was entered: {_listed(names)}"
        )
    if sheet.most is not None and ours and sheet.most != ours:
        above = sum((claim.points or 0) > sheet.most for claim in claims.settled.values())
        warnings.append(
            f"{sheet.system} has {cells.score(sheet.most)} points for this assignment, the "
            f"grader {cells.score(ours)}: points were entered as they are, not scaled"
            + (f"; {above} above {cells.score(sheet.most)}: {sheet.above_most}" if above else "")
        )
    return warnings


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
