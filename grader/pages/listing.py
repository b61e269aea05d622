"""A program's graded cells as lines, with the lines of findings marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.text import printable

if TYPE_CHECKING:
    from grader.classroom import Graded

_MOST_LINES = 120  # of one cell
_LONGEST_LINE = 240  # characters
_MOST_CELLS = 8


@dataclass(frozen=True)
class ListingLine:
    """One line of a cell, printable, but not escaped for markup."""

    text: str
    marked: bool


@dataclass(frozen=True)
class CellListing:
    """One cell's lines; ``cell`` says which, and ``title`` names its parts.

    ``left_out`` counts lines not shown.
    """

    cell: str
    title: str
    lines: tuple[ListingLine, ...]
    left_out: int


def listings(graded: Graded) -> list[CellListing]:
    """Return a program's graded cells for a TA, long ones cut.

    Without any located part all code cells are shown.
    """
    marked = {
        (finding.cell, finding.line) for check in graded.report.checks for finding in check.findings
    }
    code = [cell for cell in graded.cells if cell.kind == "code" and cell.source.strip()]
    cells = [cell for cell in code if cell.number in graded.parts] or code
    shown = []
    for cell in cells[:_MOST_CELLS]:
        texts = cell.text.split("\n")
        lines = tuple(
            ListingLine(
                printable(text, _LONGEST_LINE, keep_lines=True), (cell.number, number) in marked
            )
            for number, text in enumerate(texts[:_MOST_LINES], start=1 + (cell.above or 0))
        )
        titles = ", ".join(graded.parts.get(cell.number, ()))
        shown.append(CellListing(cell.title, titles, lines, max(0, len(texts) - _MOST_LINES)))
    return shown
