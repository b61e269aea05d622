"""The report on the terminal: a table of checks, then the findings; also as plain text."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console

from grader.points import MARKS, lost_points, points, summary, worst_first
from grader.quoting import file_name
from grader.report import Severity, Status
from grader.reports.finding import only_repeats, place, print_finding
from grader.reports.terminal_page import page_on
from grader.text import printable

if TYPE_CHECKING:
    from grader.report import CheckResult, Finding, Report
    from grader.reports.terminal_page import Page

MOST_FINDINGS = 5  # of one check
MOST_NOTES = 6
# Characters of a note: a whole message of ours, which ends with what it costs.
_NOTE = 700
_PLAIN_WIDTH = 92

MARK_STYLES = {
    Status.PASSED: "green",
    Status.PARTIAL: "yellow",
    Status.NOT_ATTEMPTED: "yellow",
    Status.NEEDS_GRADING: "cyan",
    Status.INTERNAL_ERROR: "bold magenta",
}


def print_report(report: Report, console: Console) -> None:
    """Print one report: title and score, the checks, the findings, notes, what it ran on."""
    page = page_on(console)
    _print_title(page, report)
    _print_checks(page, report.checks)
    told: set[object] = set()
    for check in filter(lost_points, report.checks):
        print_findings(page, check, told)
    _print_notes(page, report)
    _print_footer(page, report)


def mark_style(status: Status) -> str:
    """Return the style of a check's mark; red for every status that is not listed."""
    return MARK_STYLES.get(status, "bold red")


def _print_title(page: Page, report: Report) -> None:
    assignment = page.one_line(report.assignment, 24)
    score = f"{points(report.score)} / {points(report.max_score)}"
    # Not at the far edge of a wide terminal: the score belongs to the table below it.
    room = min(page.width, 80) - cell_len(assignment) - 4 - len(score)
    path = ending(page, report.submission.path, room)
    gap = " " * (room - cell_len(path) + 2)
    style = mark_style(Status.PASSED) if report.passed else ""
    page.line((assignment, "bold"), "  ", path, gap, (score, f"bold {style}".rstrip()))


def ending(page: Page, path: str, room: int) -> str:
    """Return a path, or as much of its end as fits: the end tells files apart."""
    shown = page.safe(file_name(path, 4096), 4100)
    if cell_len(shown) <= room:
        return shown
    more = '"' * shown.startswith('"') + page.signs.more
    while shown and cell_len(shown) > room - cell_len(more):
        shown = shown[1:]
    return more + shown


def _print_checks(page: Page, checks: tuple[CheckResult, ...]) -> None:
    titles = [page.one_line(check.title, 30) for check in checks]
    scores = [points(check.score) for check in checks]
    maxima = [points(check.max_score) for check in checks]
    mark_width = max([5, *(len(MARKS[check.status]) for check in checks)])
    title_width = max(map(cell_len, titles), default=0)
    score_width, max_width = max(map(len, scores), default=0), max(map(len, maxima), default=0)
    for check, title, score, most in zip(checks, titles, scores, maxima, strict=True):
        mark = MARKS[check.status].ljust(mark_width)
        got = f"{score:>{score_width}} / {most:>{max_width}}"
        start = f"  {title}{' ' * (title_width - cell_len(title))}  {got}   "
        indent = 2 + mark_width + cell_len(start)
        words = page.folded(summary(check), max(page.width - indent, 12))
        page.line("  ", (mark, mark_style(check.status)), start, words[0])
        for line in words[1:]:
            page.line(" " * indent, line)
    open_points = sum(c.max_score for c in checks if c.status is Status.NEEDS_GRADING)
    if open_points:
        page.line()
        page.paragraph(
            f"hand marks what a person grades: {points(open_points)} points are still open, and "
            "not in this score."
        )
    if any(check.status is Status.INTERNAL_ERROR for check in checks):
        page.line()
        page.paragraph(
            "GRADER marks a fault of the grader's own, not of the notebook: this score is not "
            "final. Please report it and grade again."
        )


def print_findings(page: Page, check: CheckResult, told: set[object]) -> None:
    """Print a check's findings, except one that only repeats the words beside its title."""
    title = page.one_line(check.title, page.width // 2)
    findings = worst_first(check)
    if findings and only_repeats(findings[0], summary(check)):
        findings = findings[1:]
    for finding in findings[:MOST_FINDINGS]:
        print_finding(page, title, finding, told)
    if len(findings) > MOST_FINDINGS:
        page.line()
        more = len(findings) - MOST_FINDINGS
        page.line(f"  {page.signs.more} and {more} more, which --json FILE lists")


def _print_notes(page: Page, report: Report) -> None:
    """Print what costs no points: notes that warn, and warnings about checks that passed.

    Notes that only inform are for the TA and stand in the JSON report.
    """
    notes = [("", note) for note in report.notes if note.severity is not Severity.INFO]
    for check in report.checks:
        if not lost_points(check):
            found = (item for item in check.findings if item.severity is Severity.WARNING)
            notes += [(check.title, finding) for finding in found]
    if not notes:
        return
    page.line()
    page.line(("notes", "dim"))
    for title, note in notes[:MOST_NOTES]:
        page.paragraph(_note(title, note), style="dim", limit=_NOTE)
    if len(notes) > MOST_NOTES:
        page.line((f"  {page.signs.more} and {len(notes) - MOST_NOTES} more", "dim"))


def _note(title: str, note: Finding) -> str:
    where = ", ".join(part for part in (title, place(note)) if part)
    return f"{where}: {note.message}" if where else note.message


def _print_footer(page: Page, report: Report) -> None:
    """Print what else the verdict depends on, so that it can be repeated."""
    ran = report.environment
    facts = [
        "" if ran.seed is None else f"seed {ran.seed}",
        ran.device or "",
        ran.dataset or "",
        "" if ran.torch is None else f"torch {ran.torch}",
        "" if ran.isolation is None else f"isolation {ran.isolation}",
    ]
    known = f" {page.signs.dot} ".join(fact for fact in facts if fact)
    if known or ran.unprotected:
        page.line()
    for text in (known, *ran.unprotected):
        if text:
            page.paragraph(text, style="dim", limit=400)


def headline(check: CheckResult) -> str:
    """Return a check's points and summary: "0 / 20: gradients are never cleared"."""
    words = summary_line(check)
    return f"{points_line(check)}: {words}" if words else points_line(check)


def points_line(graded: CheckResult | Report) -> str:
    """Return the score and the most points: "13.33 / 20"."""
    return f"{points(graded.score)} / {points(graded.max_score)}"


def summary_line(check: CheckResult) -> str:
    """Return the few words beside a check's title, none if it simply passed."""
    return printable(summary(check), 200)


def findings_text(check: CheckResult) -> str:
    """Return a check's findings as plain text: places, lines, words and hints; may be empty.

    It quotes the student's code, printable and without escape sequences, but not escaped for any
    markup.
    """
    text = StringIO()
    console = Console(file=text, width=_PLAIN_WIDTH, color_system=None, markup=False, emoji=False)
    print_findings(page_on(console), check, set())
    return text.getvalue().strip("\n")
