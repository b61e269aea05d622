"""A report as the output of a notebook's cell: HTML that runs nothing, in any theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.pages.code import CodeLine, coloured
from grader.pages.notes import MOST_NOTES, SHORT, NumberedNotes, shortened, worth_saying
from grader.pages.statuses import LOOKS
from grader.pages.templating import sheet, template
from grader.points import lost_points, points, summary
from grader.report import Severity
from grader.reports.finding import lines_shown, only_repeats, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.pages.notes import Note
    from grader.pages.statuses import Look
    from grader.report import CheckResult, Finding, Report

_MOST_REMARKS = 6


@dataclass(frozen=True)
class OutputRow:
    """One check in the table."""

    title: str
    look: Look
    score: str
    most: str
    summary: str


@dataclass(frozen=True)
class OutputNote:
    """One finding below the table, with the lines of code that it is about."""

    note: Note
    lines: tuple[CodeLine, ...]


def report_output(report: Report) -> str:
    """Return a report as a piece of HTML for the output of a cell.

    It is one ``div`` with a style of its own, without scripts, addresses or images; what a
    submission wrote is escaped. The colours of words and lines are those of the page around it.
    """
    return template("output.html").render(
        style=_style(),
        report=report,
        title=report.title or report.assignment,
        score=points(report.score),
        most=points(report.max_score),
        rows=[_row(check) for check in report.checks],
        notes=list(_notes(report)),
        remarks=list(_remarks(report)),
        ran=_ran(report),
        unprotected=report.environment.unprotected,
    )


def warnings_output(warnings: Iterable[str]) -> str:
    """Return what the reader should know first, for above ``report_output``; may be empty."""
    shown = list(warnings)
    return template("output_words.html").render(style=_style(), warnings=shown) if shown else ""


def progress_output(step: str) -> str:
    """Return what is being done, for as long as there is no report."""
    return template("output_words.html").render(style=_style(), warnings=(), step=step)


def _style() -> Markup:
    return Markup(sheet("output.css"))  # noqa: S704 - our own file; escaped, it would be no CSS


def _row(check: CheckResult) -> OutputRow:
    return OutputRow(
        title=check.title,
        look=LOOKS[check.status],
        score=points(check.score),
        most=points(check.max_score),
        summary=shortened(summary(check), SHORT) if lost_points(check) else "",
    )


def _notes(report: Report) -> Iterator[OutputNote]:
    """Yield each finding of the checks that lost points, once."""
    numbered, told = NumberedNotes(report), set()
    for check in filter(lost_points, report.checks):
        for finding in worth_saying(check)[:MOST_NOTES]:
            note = numbered.note(finding)
            if note.number not in told and not only_repeats(finding, summary(check)):
                told.add(note.number)
                yield OutputNote(note, tuple(_lines(finding)))


def _lines(finding: Finding) -> list[CodeLine]:
    if not finding.excerpt:
        return []
    first, last = lines_shown(finding.excerpt, finding.line)
    spans = {}
    if finding.column is not None and finding.line is not None:
        end = finding.column + 1 if finding.end_column is None else finding.end_column
        spans = {finding.line: [(finding.column, end)]}
    return coloured([(line.number, line.text) for line in finding.excerpt[first:last]], spans)


def _remarks(report: Report) -> Iterator[str]:
    """Yield what costs no points: notes that warn, and warnings about checks that passed."""
    found = [note for note in report.notes if note.severity is not Severity.INFO]
    for check in report.checks:
        if not lost_points(check):
            found += worth_saying(check)
    for note in found[:_MOST_REMARKS]:
        where = place(note)
        yield shortened(f"{where}: {note.message}" if where else note.message, SHORT)


def _ran(report: Report) -> str:
    """Return what the verdict depends on, so that it can be repeated."""
    ran = report.environment
    facts = {"seed": ran.seed, "data": ran.dataset, "on": ran.device, "torch": ran.torch}
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
