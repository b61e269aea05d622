"""One finding on the terminal: where, the lines, what was observed, why it matters, a hint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grader.report import Severity
from grader.reports.excerpt import print_excerpt

if TYPE_CHECKING:
    from grader.report import Finding
    from grader.reports.terminal_page import Page

_SHORT = 80
STYLES = {
    Severity.ERROR: "red",
    Severity.PARTIAL: "yellow",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}


def place(finding: Finding) -> str:
    """Return where the student finds it: "cell 7, line 8", "cell 9, lines 10-11", "blank 5"."""
    if finding.cell is None:
        return "" if finding.blank is None else f"blank {finding.blank}"
    about = lines_about(finding)
    if about is None:
        return f"cell {finding.cell}"
    first, last = about
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    return f"cell {finding.cell}, {lines}"


def print_finding(page: Page, title: str, finding: Finding, told: set[object]) -> None:
    """Print one finding; ``told`` remembers what this report has said and shown already."""
    # Two checks may stumble over the same blank; their lines in the table both say so.
    same = (finding.cell, finding.line, finding.column, finding.message)
    if same in told:
        return
    told.add(same)
    where = place(finding)
    heading = f" {page.signs.dot} ".join(part for part in (title, where) if part)
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
    """Whether all that a finding says are the few words beside its check's title."""
    more = (finding.hint, finding.why, finding.got, finding.expected, finding.cell, finding.blank)
    short = len(finding.message) <= _SHORT
    return finding.message == words and short and all(item is None for item in more)


def lines_about(finding: Finding) -> tuple[int, int] | None:
    """Return the first and last line of the cell that a finding is about, if it is about any.

    That is the whole excerpt when nothing in it is marked and it begins where the finding does:
    lines of context would begin above.
    """
    numbers = [line.number for line in finding.excerpt]
    whole = finding.column is None and finding.line in (None, *numbers[:1])
    if whole and len(numbers) > 1:
        return numbers[0], numbers[-1]
    line = finding.line if finding.line is not None else next(iter(numbers), None)
    return None if line is None else (line, line)


def said(value: str, message: str) -> bool:
    """Whether the message has this very value in it: 10 is not in "100", nor 0.8 in "0.81"."""
    return re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\d)", message) is not None


def value_text(value: Any, more: str) -> str:
    """Return a value as a student knows it from Python; a string stands without quotes.

    ``more`` stands for the items of a long list that are left out.
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
    """Print the excerpt, or what of it is new: a second mark in the same lines, or nothing."""
    if not finding.excerpt:
        return
    lines = (finding.cell, finding.excerpt)
    mark = (finding.line, finding.column, finding.end_column)
    if lines not in told:
        print_excerpt(page, finding, STYLES[finding.severity])
    elif finding.column is not None and (lines, mark) not in told:
        print_excerpt(page, finding, STYLES[finding.severity], marked_only=True)
    told.update((lines, (lines, mark)))


def _print_values(page: Page, finding: Finding, told: set[object]) -> None:
    """Print what was got and expected, one under the other, unless that was said already."""
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
