"""Fills in a gradebook that Canvas or Moodle exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import canvas, moodle
from grader.gradebooks.table import read_table
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.classroom import Graded
    from grader.gradebooks.sheet import Filled


def fill(gradebook: Path, out: Path, graded: Iterable[Graded], column: str | None = None) -> Filled:
    """Write the exported gradebook to ``out`` with everybody's points, and nothing else changed.

    The file is Canvas' gradebook or Moodle's grading worksheet, recognised by its columns.
    ``column`` names the column of the points where the file leaves it open. Students who are only
    in the gradebook or only among the graded are returned; no row or column is added. Raises
    ``GraderError`` if the file is neither, can't be read, or leaves the column open.
    """
    table = read_table(gradebook)
    if canvas.is_canvas(table):
        return canvas.fill(table, gradebook, out, graded, column)
    if moodle.is_moodle(table):
        return moodle.fill(table, gradebook, out, graded, column)
    headers = ", ".join(repr(printable(name, 40)) for name in table.header[:12])
    raise GraderError(
        f"{printable(gradebook.name, 200)} is neither Canvas' gradebook nor Moodle's grading "
        f"worksheet; its columns are {headers}",
        "give the CSV file that Canvas (Grades, Export) or Moodle (the assignment, Submissions, "
        "Download grading worksheet) made, with its first row and columns as they were",
    )
