"""An exported gradebook as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from grader.classroom import Student
    from grader.gradebooks.table import Table

UTF_8 = frozenset({"utf-8"})


@dataclass(frozen=True)
class GradebookStudent:
    """One student of a gradebook: the row's number, all ids and addresses, the name.

    The ids stand in the order of their columns; an unknown id is empty. ``locked`` means that the
    system takes no points for this row.
    """

    row: int
    ids: tuple[str, ...]
    name: str
    locked: bool = False


@dataclass(frozen=True)
class PointsColumn:
    """A column that may hold an assignment's points.

    ``title`` is the assignment's title in the system, ``names`` are what a TA may call the column.
    ``most`` is the system's maximum, where the file tells it. ``in_words`` means that the
    assignment is graded with a scale of words.
    """

    title: str
    names: tuple[str, ...]
    most: float | None = None
    in_words: bool = False


@dataclass(frozen=True)
class GradebookFile:
    """A recognised gradebook before one of its ``columns`` is chosen.

    ``people`` returns the students, given the column of the points. ``above_most`` says what the
    system does with points above its maximum, ``encodings`` are those that the system exports.
    ``participant`` is the sheet's word for a participant ("Teilnehmer/in"), if it has one. The
    ``usual`` column is meant where nobody names one.
    """

    system: str
    table: Table
    columns: Mapping[int, PointsColumn]
    people: Callable[[int], tuple[GradebookStudent, ...]]
    above_most: str
    encodings: frozenset[str] = UTF_8
    participant: str = ""
    usual: int | None = None


@dataclass(frozen=True)
class Gradebook:
    """A gradebook that can be filled in: the ``file`` at ``path`` and the ``column`` of the points.

    ``comma`` means that the file writes 12,5. ``why`` says how the column was found, if not by its
    name and not as the only one.
    """

    path: Path
    file: GradebookFile
    column: int
    comma: bool
    why: str = ""

    @property
    def header(self) -> str:
        """The column's header, which names it in a later run."""
        return self.file.table.header[self.column]

    @property
    def most(self) -> float | None:
        """The system's maximum for the assignment, ``None`` where the file does not tell it."""
        known = self.file.columns.get(self.column)
        return known.most if known else None


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
