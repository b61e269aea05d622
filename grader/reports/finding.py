"""One finding on the terminal: place, lines with ``^^^``, observation, reason and hint."""

from __future__ import annotations

import re
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from grader.report import Severity
from grader.text import without_piles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import Finding, SourceLine
    from grader.reports.terminal_page import Page

_SHORT = 80
MOST_LINES = 9
_LONG = 400  # characters of a line that are considered; a minified line can have a million
STYLES = {
    Severity.ERROR: "red",
    Severity.PARTIAL: "yellow",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}


def place(finding: Finding) -> str:
    """Return a finding's place: "cell 7, line 8", "cell 9, lines 10-11", "blank 5".

    In a notebook that is saved as text it is "line 108", or "the cell at line 99".
    """
    if finding.cell is None:
        return "" if finding.blank is None else f"blank {finding.blank}"
    about = lines_about(finding)
    at = finding.cell_line
    if about is None:
        return f"cell {finding.cell}" if at is None else f"the cell at line {at}"
    first, last = about
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    return f"cell {finding.cell}, {lines}" if at is None else lines


def below(heading: str) -> str:
    """Return the words for the notebook's heading above a finding's cell, quoted."""
    return f'below "{heading}"' if heading else ""


def print_finding(page: Page, title: str, finding: Finding, told: set[object]) -> None:
    """Print one finding; ``told`` collects what this report has printed already."""
    # Two checks may find the same mistake; the table's lines of both say so.
    same = (finding.cell, finding.line, finding.column, finding.message)
    if same in told:
        return
    told.add(same)
    where = (place(finding), below(finding.heading))
    heading = f" {page.signs.dot} ".join(part for part in (title, *where) if part)
    page.line()
    if heading not in told:
        page.line((heading, "bold"))
    told.add(heading)
    _print_lines(page, finding, told)
    page.paragraph(finding.message)
    _print_values(page, finding, told)
    for words, lead in ((finding.why, ""), (finding.hint, "hint: ")):
        if words and words not in told:
            page.paragraph(words, lead, limit=800)
            told.add(words)


def only_repeats(finding: Finding, words: str) -> bool:
    """Whether a finding says nothing more than the words beside its check's title."""
    more = (finding.hint, finding.why, finding.got, finding.expected, finding.cell, finding.blank)
    short = len(finding.message) <= _SHORT
    return finding.message == words and short and all(item is None for item in more)


def lines_about(finding: Finding) -> tuple[int, int] | None:
    """Return the first and last line that a finding is about, or None.

    That is the whole excerpt if it has no marked columns and begins at the finding's line, since
    lines of context would begin above.
    """
    numbers = [line.number for line in finding.excerpt]
    whole = finding.column is None and finding.line in (None, *numbers[:1])
    if whole and len(numbers) > 1:
        return numbers[0], numbers[-1]
    line = finding.line if finding.line is not None else next(iter(numbers), None)
    return None if line is None else (line, line)


def said(value: str, message: str) -> bool:
    """Whether the message names this value: 10 is not in "100", nor 0.8 in "0.81"."""
    return re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\d)", message) is not None


def value_text(value: Any, more: str) -> str:
    """Return a value as Python prints it, strings without quotes.

    ``more`` replaces the items of a long list that are left out.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(value_text(item, more) for item in value[:20])
        inside += f", {more}" if len(value) > 20 else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, dict):
        return ", ".join(f"{key} {value_text(item, more)}" for key, item in value.items())
    return str(value)


def _print_lines(page: Page, finding: Finding, told: set[object]) -> None:
    """Print the excerpt; of lines that were printed already only the newly marked one."""
    if not finding.excerpt:
        return
    lines = (finding.cell, finding.excerpt)
    mark = (finding.line, finding.column, finding.end_column)
    if lines not in told:
        _print_excerpt(page, finding, STYLES[finding.severity])
    elif finding.column is not None and (lines, mark) not in told:
        _print_excerpt(page, finding, STYLES[finding.severity], marked_only=True)
    told.update((lines, (lines, mark)))


def _print_values(page: Page, finding: Finding, told: set[object]) -> None:
    """Print the observed and expected values, unless the report has named them already."""
    values = {
        name: value_text(value, page.signs.more)
        for name, value in (("got", finding.got), ("expected", finding.expected))
        if value is not None
    }
    pair = tuple(values.items())
    if pair in told or all(said(value, finding.message) for value in values.values()):
        return
    told.add(pair)
    width = max(len(name) for name in values)
    for name, value in values.items():
        room = page.width - 4 - width
        page.line("  ", (name.ljust(width), "dim"), "  ", page.one_line(value, room))


def _print_excerpt(page: Page, finding: Finding, style: str, *, marked_only: bool = False) -> None:
    """Print at most ``MOST_LINES`` lines of a finding's excerpt around the one it is about.

    ``marked_only`` prints only that one, when an earlier finding showed the others.
    """
    lines = [line for line in finding.excerpt if not marked_only or line.number == finding.line]
    first, last = lines_shown(lines, finding.line)
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
        # Without a column the gutter points at the line, unless it is the first.
        points = finding.column is None and line.number == finding.line != window[0].number
        number = f"> {line.number}" if points else str(line.number)
        page.line((f"{number:>{width}} {page.signs.bar} ", "dim"), text)
        if marked:
            page.line((f"{'':>{width}} {page.signs.bar} ", "dim"), (carets, style))
    if last < len(lines):
        page.line((more, "dim"))


def lines_shown(lines: Sequence[SourceLine], number: int | None) -> tuple[int, int]:
    """Return the range of lines to show: all, or ``MOST_LINES`` around the line ``number``."""
    if len(lines) <= MOST_LINES:
        return 0, len(lines)
    about = next((i for i, line in enumerate(lines) if line.number == number), 0)
    first = max(0, min(about - MOST_LINES // 2, len(lines) - MOST_LINES))
    return first, first + MOST_LINES


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _span(finding: Finding, margin: int) -> tuple[int, int]:
    """Return the span of marked characters, at least one, in the line without its margin."""
    column = finding.column or 0
    start = max(0, column - margin)
    end = start + 1 if finding.end_column is None else finding.end_column - margin
    return start, max(start + 1, end)


def _cut(page: Page, text: str, start: int, end: int, room: int) -> tuple[str, str]:
    """Cut a line to ``room`` cells and return it with the line of carets for its marked span.

    Widths are in cells of the terminal: a Korean character takes two, an escaped control character
    four.
    """
    # Only characters near the mark fit.
    skipped = max(0, start - _LONG // 2) if len(text) > _LONG else 0
    text, beyond = text[skipped : skipped + _LONG + 1], max(0, start - len(text))
    pieces = [page.code(character) for character in without_piles(text)]
    start, end = min(start - skipped, len(pieces)), min(end - skipped, len(pieces))

    more, room_left = page.signs.more, room - cell_len(page.signs.more)
    first = 0
    if skipped or cell_len("".join(pieces[:end])) > room_left:
        # The mark would lie beyond the edge: begin a third of the room before it.
        first = start
        while first > 0 and cell_len("".join(pieces[first - 1 : start])) <= room // 3:
            first -= 1
    left = more if first or skipped else ""
    last = len(pieces)
    if cell_len(left + "".join(pieces[first:])) > room:
        while last > first and cell_len(left + "".join(pieces[first:last])) > room_left:
            last -= 1
    shown = left + "".join(pieces[first:last]) + (more if last < len(pieces) else "")

    # A mark beyond the end of the line (a missing bracket) gets its caret one past the end.
    begin = min(cell_len(left + "".join(pieces[first:start])) + min(beyond, 1), room - 1)
    marked = cell_len(left + "".join(pieces[first : min(end, last)])) - begin
    return shown, " " * begin + "^" * max(1, min(marked, room - begin))
