"""Opens a gradebook that a learning platform exported, before anything is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import blackboard, canvas, cells, d2l, moodle, sakai
from grader.gradebooks.columns import choose
from grader.gradebooks.model import Gradebook
from grader.gradebooks.table import read_table
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from grader.gradebooks.model import GradebookFile
    from grader.gradebooks.table import Table

# Moodle's worksheet is recognised by its cells alone, in any language, so it comes last.
_READERS = (canvas.read, sakai.read, d2l.read, blackboard.read, moodle.read)


def recognise(path: Path) -> GradebookFile:
    """Read a gradebook and tell its system by its columns.

    Raises ``GraderError`` if it can't be read, is no system's, or has no column for points.
    """
    table = read_table(path)
    for read in _READERS:
        found = read(table)
        if found is not None:
            return found
    headers = ", ".join(repr(printable(name, 40)) for name in table.header[:12])
    raise GraderError(
        f"{printable(path.name, 200)} is no gradebook of Canvas, Moodle, Blackboard, D2L or Sakai; "
        f"its columns are {headers}",
        "give the file that the system made, with its first rows and columns as they were: Canvas' "
        "gradebook (Export), Moodle's grading worksheet of the assignment, Blackboard's download "
        "for working offline, D2L's export, grades.csv from Sakai's download",
    )


def open_gradebook(
    path: Path,
    column: str | None = None,
    assignment: Sequence[str] = (),
    download: Sequence[str] = (),
) -> Gradebook:
    """Return a gradebook with the column for the points; nothing is written.

    ``column`` names it by the assignment's title or id in the system, or by its whole header. Where
    the file leaves it open, the names of our ``assignment`` and of the ``download`` may point to
    one. Raises ``GraderError`` as ``recognise`` does, and if the column is not certain.
    """
    file = recognise(path)
    chosen, why = choose(file, column, assignment, download)
    return Gradebook(path, file, chosen, _writes_commas(file.table, chosen, file.columns), why)


def _writes_commas(table: Table, chosen: int, others: Iterable[int]) -> bool:
    """Whether a file writes 12,5: its numbers do, or it has none and is separated by ``;``."""
    for columns in ((chosen, chosen + 1), others):
        written = [row.value(column) for row in table.records.values() for column in columns]
        signs = "".join(cell for cell in written if cells.number(cell) is not None)
        if "," in signs or "." in signs:
            return "," in signs
    return table.delimiter == ";"
