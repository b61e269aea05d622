"""One member's graded cells as lines to show, those that a finding is about marked."""

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
    """One line of a cell, safe to show but for markup."""

    text: str
    marked: bool


@dataclass(frozen=True)
class CellListing:
    """One cell's lines; ``title`` says what it holds, ``left_out`` counts lines not shown."""

    cell: int
    title: str
    lines: tuple[ListingLine, ...]
    left_out: int


def listings(graded: Graded) -> list[CellListing]:
    """Return what a TA reads of a program: its graded cells, long ones cut.

    Where no part was found, all code cells are shown: one of them is what was meant.
    """
    marked = {
        (finding.cell, finding.line) for check in graded.report.checks for finding in check.findings
    }
    code = [cell for cell in graded.cells if cell.kind == "code" and cell.source.strip()]
    cells = [cell for cell in code if cell.number in graded.parts] or code
    shown = []
    for cell in cells[:_MOST_CELLS]:
        texts = cell.source.split("\n")
        lines = tuple(
            ListingLine(
                printable(text, _LONGEST_LINE, keep_lines=True), (cell.number, number) in marked
            )
            for number, text in enumerate(texts[:_MOST_LINES], start=1)
        )
        titles = ", ".join(graded.parts.get(cell.number, ()))
        shown.append(CellListing(cell.number, titles, lines, max(0, len(texts) - _MOST_LINES)))
    return shown
