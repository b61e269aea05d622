"""The notes on a page: each finding's words once, and of bounded length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import points
from grader.notebook.headings import heading_above
from grader.pages.statuses import COLOURS
from grader.report import Severity
from grader.reports.finding import below, place, said, value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.notebook.read import Cell
    from grader.report import CheckResult, Finding, Report

MOST_NOTES = 20  # of one check
SHORT = 300  # characters of a heading or a value
_MESSAGE, _WORDS = 1500, 800


@dataclass(frozen=True)
class Note:
    """One finding with its ``number`` on the page; ``place`` is empty without a line."""

    number: int
    titles: tuple[str, ...]  # of the checks that it belongs to
    colour: str
    place: str
    below: str
    heading: str
    message: str
    why: str
    hint: str
    values: tuple[tuple[str, str], ...]
    blank: int | None


class NumberedNotes:
    """Numbers a page's findings; a finding of two checks is one note with both titles."""

    def __init__(self, report: Report, cells: Sequence[Cell] = ()) -> None:
        """Find out which checks share a finding; ``cells`` are the notebook's, for its headings."""
        self._cells = cells
        self._titles: dict[object, list[str]] = {}
        self._made: dict[object, Note] = {}
        self._told: set[object] = set()
        for check in report.checks:
            for finding in worth_saying(check)[:MOST_NOTES]:
                titles = self._titles.setdefault(_same(finding), [])
                if check.title not in titles:
                    titles.append(check.title)

    def note(self, finding: Finding) -> Note:
        """Return a finding's note, the same note for the same words about the same place."""
        key = _same(finding)
        if key not in self._made:
            self._made[key] = self._note(finding, tuple(self._titles[key]))
        return self._made[key]

    def _note(self, finding: Finding, titles: tuple[str, ...]) -> Note:
        message = shortened(finding.message, _MESSAGE)
        heading = shortened(finding.summary or "", SHORT)
        values = [(n, v) for n, v in (("got", finding.got), ("expected", finding.expected))]
        texts = tuple((n, shortened(value_text(v, "…"), SHORT)) for n, v in values if v is not None)
        if all(said(text, message) for _, text in texts) or not self._new(texts):
            texts = ()
        above = finding.heading or heading_above(self._cells, finding.cell)
        why, hint = (shortened(words or "", _WORDS) for words in (finding.why, finding.hint))
        return Note(
            number=len(self._made) + 1,
            titles=titles,
            colour=COLOURS[finding.severity],
            place=place(finding),
            below=below(above),
            heading=heading or message,
            message=message if heading and message != heading else "",
            why=why if self._new(why) else "",
            hint=hint if self._new(hint) else "",
            values=texts,
            blank=finding.blank,
        )

    def _new(self, words: object) -> bool:
        """Whether this page has not said these words yet."""
        new = bool(words) and words not in self._told
        self._told.add(words)
        return new


def worth_saying(check: CheckResult) -> list[Finding]:
    """Return a check's findings, worst first; only the warnings if it lost no points."""
    findings = points.worst_first(check)
    if points.lost_points(check):
        return findings
    return [finding for finding in findings if finding.severity is Severity.WARNING]


def _same(finding: Finding) -> tuple[object, ...]:
    return (finding.cell, finding.line, finding.column, finding.message)


def shortened(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters; one that was cut ends in "…"."""
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"
