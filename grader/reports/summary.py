"""The table below the reports of several notebooks: scores, and files that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from grader import points
from grader.quoting import file_name
from grader.reports.terminal import ending, mark_style
from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from grader.report import CheckResult, Report
    from grader.reports.terminal_page import Page

_GAP = 2
_SHORTEST_PATH = 16


def print_summary(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]], console: Console
) -> None:
    """Print a line for each report and each ``(path, reason)`` that could not be graded."""
    page = page_on(console)
    if reports:
        _print_table(page, reports)
    if unread:
        page.line()
        page.line(("not graded", "bold"))
        width = _path_width([path for path, _ in unread], page.width // 2)
        for path, reason in unread:
            shown = ending(page, path, width)
            gap = " " * (width - cell_len(shown) + _GAP)
            words = reason.removeprefix(path).removeprefix(file_name(path, 80)).lstrip(" :")
            page.line("  ", shown, gap, page.one_line(words, page.width - 2 - width - _GAP))


def _print_table(page: Page, reports: Sequence[Report]) -> None:
    scores = [f"{points.points(r.score)} / {points.points(r.max_score)}" for r in reports]
    score_width = max(map(len, scores))
    rows = [[points.MARKS[check.status] for check in report.checks] for report in reports]
    columns = _columns(reports, rows)
    headings = _headings(page, reports)
    wide = [max(w, *map(cell_len, words)) for w, words in zip(columns, headings, strict=False)]
    room = page.width - 2 - _GAP - score_width
    # The titles stand above the columns if there is room.
    if headings and room - sum(wide) - _GAP * len(wide) >= _SHORTEST_PATH:
        columns = wide
    else:
        headings = []
    room -= sum(columns) + _GAP * len(columns)
    path_width = _path_width([report.submission.path for report in reports], max(8, room))
    page.line()
    for depth in range(max(map(len, headings), default=0)):
        words = [lines[depth] if depth < len(lines) else "" for lines in headings]
        cells = [word + " " * (w - cell_len(word)) for word, w in zip(words, columns, strict=True)]
        indent = " " * (2 + path_width + _GAP + score_width + _GAP)
        page.line((indent + (" " * _GAP).join(cells), "dim"))
    for report, score, row in zip(reports, scores, rows, strict=True):
        path = ending(page, report.submission.path, path_width)
        start = path + " " * (path_width - cell_len(path) + _GAP) + score.rjust(score_width)
        page.line("  ", start, *_marks(report.checks, row, columns))


def _path_width(paths: Sequence[str], room: int) -> int:
    return min(room, max(cell_len(file_name(path, 4096)) for path in paths))


def _columns(reports: Sequence[Report], rows: Sequence[Sequence[str]]) -> list[int]:
    count = max(len(report.checks) for report in reports)
    return [max(len(row[i]) for row in rows if i < len(row)) for i in range(count)]


def _headings(page: Page, reports: Sequence[Report]) -> list[list[str]]:
    """Return each check's title as words, or nothing if the reports' checks differ."""
    if len({tuple(check.id for check in report.checks) for report in reports}) > 1:
        return []
    return [page.one_line(c.title, 30).split()[:2] or [""] for c in reports[0].checks]


def _marks(
    checks: Sequence[CheckResult], row: Sequence[str], columns: Sequence[int]
) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for check, mark, width in zip(checks, row, columns, strict=False):
        parts += [(" " * _GAP, ""), (mark.ljust(width), mark_style(check.status))]
    return parts
