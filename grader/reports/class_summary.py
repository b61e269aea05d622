"""The summary of a class on the terminal: results, and what a TA should do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader import points
from grader.classroom.student_result import SubmissionOutcome
from grader.reports.class_remarks import (
    heading,
    print_attempts,
    print_choices,
    print_decisions,
    print_late_work,
    print_names,
    print_unclear,
    students,
)
from grader.reports.terminal import ending
from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from grader.classroom.concerns import Concern
    from grader.classroom.mistakes import MistakeCount
    from grader.classroom.statistics import ClassStatistics
    from grader.reports.terminal_page import Page

MOST_MISTAKES = 8
MOST_NAMES = 10  # of one kind

_STYLES = {
    SubmissionOutcome.FULL_MARKS: "green",
    SubmissionOutcome.POINTS_LOST: "",
    SubmissionOutcome.NOT_ATTEMPTED: "yellow",
    SubmissionOutcome.NEEDS_GRADING: "cyan",
    SubmissionOutcome.INTERNAL_ERROR: "bold magenta",
}


def print_class_summary(
    title: str, statistics: ClassStatistics, written: Sequence[str], console: Console
) -> None:
    """Print a class's summary: scores, checks, mistakes, concerns, and the files ``written``."""
    page = page_on(console)
    _print_head(page, title, statistics)
    _print_outcomes(page, statistics)
    _print_checks(page, statistics)
    _print_mistakes(page, statistics)
    _print_to_look_at(page, statistics)
    print_unclear(page, "who is not certain", statistics.uncertain)
    print_unclear(page, "not graded", statistics.ungraded)
    _print_noted(page, statistics)
    print_decisions(page, statistics)
    print_late_work(page, statistics)
    _print_missing(page, statistics)
    if written:
        heading(page, "written")
        for path in written:
            page.line("  ", ending(page, path, page.width - 2))


def _print_head(page: Page, title: str, statistics: ClassStatistics) -> None:
    found = len(statistics.entries)
    counts = [f"{found} handed in"]
    if statistics.readable != found:
        counts.append(f"{statistics.readable} graded")
    if statistics.missing:
        counts.append(f"{len(statistics.missing)} missing")
    said = ", ".join(counts)
    shown = page.one_line(title, max(12, page.width - 2 - len(said)))
    page.line((shown, "bold"), "  ", said)
    if statistics.mean is not None and statistics.median is not None:
        page.line(
            f"  mean {statistics.mean:.1f}, median {points.points(statistics.median)} "
            f"of {points.points(statistics.max_score)}"
            + (f", {statistics.scored} of {found} counted" if statistics.scored != found else "")
        )


def _print_outcomes(page: Page, statistics: ClassStatistics) -> None:
    if statistics.entries:
        page.line()
    for outcome in SubmissionOutcome:
        count = statistics.outcomes.get(outcome, 0)
        if count:
            style = _STYLES.get(outcome, "red")
            share = _share(count, len(statistics.entries))
            page.line(f"  {count:>4}  {share}  ", (outcome.value, style))


def _print_checks(page: Page, statistics: ClassStatistics) -> None:
    if not statistics.readable:
        return
    heading(page, "checks", "  passed by")
    for rate in statistics.checks:
        share = _share(rate.passed, rate.judged)
        page.line(f"  {rate.passed:>4}  {share}  ", page.one_line(rate.title, page.width - 14))


def _print_mistakes(page: Page, statistics: ClassStatistics) -> None:
    if not statistics.mistakes:
        return
    heading(page, "mistakes", "  made by")
    for mistake in statistics.mistakes[:MOST_MISTAKES]:
        share = _share(mistake.count, statistics.readable)
        words = page.one_line(_wording(mistake), page.width - 14)
        page.line(f"  {mistake.count:>4}  {share}  ", words)
    more = len(statistics.mistakes) - MOST_MISTAKES
    if more > 0:
        page.line((f"  {page.signs.more} and {more} rarer", "dim"))


def _print_to_look_at(page: Page, statistics: ClassStatistics) -> None:
    concerns = [concern for concern in statistics.concerns if concern.kind.needs_a_look]
    chosen, attempts = statistics.chosen, statistics.attempts
    if not concerns and not chosen and not attempts:
        return
    counts = []
    if concerns or chosen:
        counts.append(students(statistics.open_concerns))
    if attempts:
        counts.append(f"{len(attempts)} with several attempts")
    heading(page, "to look at", "  " + ", and ".join(counts))
    _print_concerns(page, concerns, "magenta")
    print_choices(page, chosen)
    print_attempts(page, attempts)


def _print_noted(page: Page, statistics: ClassStatistics) -> None:
    noted = [concern for concern in statistics.concerns if not concern.kind.needs_a_look]
    if noted:
        heading(page, "noted")
        _print_concerns(page, noted)


def _print_concerns(page: Page, concerns: Iterable[Concern], style: str = "") -> None:
    for concern in concerns:
        page.line(f"  {len(concern.entries):>4}  ", (concern.kind.value.lower(), style))
        print_names(page, [entry.student for entry in concern.entries], MOST_NAMES)


def _print_missing(page: Page, statistics: ClassStatistics) -> None:
    if statistics.missing:
        heading(page, "missing", f"  {len(statistics.missing)}")
        print_names(page, statistics.missing)


def _wording(mistake: MistakeCount) -> str:
    """Return a mistake's wording; several wordings each with their count."""
    if len(mistake.wordings) == 1:
        return mistake.wordings[0][0]
    return ", ".join(f"{words} ({count})" for words, count in mistake.wordings[:3])


def _share(count: int, total: int) -> str:
    return points.share(count, total).rjust(5)
