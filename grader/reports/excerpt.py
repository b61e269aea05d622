"""The student's own lines with a gutter of numbers and the place marked by ``^^^``."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import Finding, SourceLine
    from grader.reports.terminal_page import Page

MOST_LINES = 9
_LONG = 400  # characters of one line that are looked at; a minified line can have a million


def print_excerpt(page: Page, finding: Finding, style: str, *, marked_only: bool = False) -> None:
    """Print a finding's lines, at most ``MOST_LINES`` of them around the one it is about.

    ``marked_only`` leaves the others out, when they were printed with an earlier finding.
    """
    lines = [line for line in finding.excerpt if not marked_only or line.number == finding.line]
    first, last = _window(lines, finding.line)
    window = lines[first:last]
    indents = [_indent(line.text) for line in window if line.text.strip()]
    margin = len(commonprefix(indents))  # noqa: RUF071 - characters, not paths
    width = max(5, 2 + len(str(max((line.number for line in window), default=0))))
    room = page.width - width - 3
    more = f"{'':>{width}} {page.signs.more}"
    if first > 0:
        page.line((more, "dim"))
    for line in window:
        marked = line.number == finding.line and finding.column is not None
        start, end = _span(finding, margin) if marked else (0, 0)
        text, carets = _cut(page, line.text[margin:].rstrip(), start, end, room)
        # Without a column the gutter points at the line, if it stands among others.
        points = finding.column is None and line.number == finding.line != window[0].number
        number = f"> {line.number}" if points else str(line.number)
        page.line((f"{number:>{width}} {page.signs.bar} ", "dim"), text)
        if marked:
            page.line((f"{'':>{width}} {page.signs.bar} ", "dim"), (carets, style))
    if last < len(lines):
        page.line((more, "dim"))


def _window(lines: Sequence[SourceLine], number: int | None) -> tuple[int, int]:
    """Return which lines to show: all of a few, else those around the line with that number."""
    if len(lines) <= MOST_LINES:
        return 0, len(lines)
    about = next((i for i, line in enumerate(lines) if line.number == number), 0)
    first = max(0, min(about - MOST_LINES // 2, len(lines) - MOST_LINES))
    return first, first + MOST_LINES


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _span(finding: Finding, margin: int) -> tuple[int, int]:
    """Return the marked characters of the line without its margin, at least one."""
    column = finding.column or 0
    start = max(0, column - margin)
    end = start + 1 if finding.end_column is None else finding.end_column - margin
    return start, max(start + 1, end)


def _cut(page: Page, text: str, start: int, end: int, room: int) -> tuple[str, str]:
    """Cut a line to the room and return it with the line of carets for its marked span.

    Carets are counted in cells of what is shown: a Korean character takes two, an escaped
    control character four.
    """
    # Only the neighbourhood of the mark can be seen anyway.
    skipped = max(0, start - _LONG // 2) if len(text) > _LONG else 0
    text, beyond = text[skipped : skipped + _LONG + 1], max(0, start - len(text))
    pieces = [page.code(character) for character in text]
    start, end = min(start - skipped, len(pieces)), min(end - skipped, len(pieces))

    more, room_left = page.signs.more, room - cell_len(page.signs.more)
    first = 0
    if skipped or cell_len("".join(pieces[:end])) > room_left:
        # The mark would lie beyond the edge: begin a third of the room in front of it.
        first = start
        while first > 0 and cell_len("".join(pieces[first - 1 : start])) <= room // 3:
            first -= 1
    left = more if first or skipped else ""
    last = len(pieces)
    if cell_len(left + "".join(pieces[first:])) > room:
        while last > first and cell_len(left + "".join(pieces[first:last])) > room_left:
            last -= 1
    shown = left + "".join(pieces[first:last]) + (more if last < len(pieces) else "")

    # A mark behind the end of the line (a missing bracket) has its caret there, one past it.
    begin = min(cell_len(left + "".join(pieces[first:start])) + min(beyond, 1), room - 1)
    marked = cell_len(left + "".join(pieces[first : min(end, last)])) - begin
    return shown, " " * begin + "^" * max(1, min(marked, room - begin))
