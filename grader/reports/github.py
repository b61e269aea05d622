"""Workflow commands that make GitHub show findings beside the notebook's lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import points
from grader.report import Severity
from grader.reports.finding import place
from grader.reports.terminal import headline, summary_line
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.report import CheckResult, Finding, Report

MOST = 10  # of each kind: GitHub shows no more of one step
_LONGEST = 2000  # characters of one message

_KINDS = {
    Severity.ERROR: "error",
    Severity.PARTIAL: "warning",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


@dataclass(frozen=True)
class Source:
    """A notebook's path in the repository and the positions of its cells' lines in the file.

    ``file`` is ``None`` outside the repository. ``lines`` holds for each cell the file's line
    number of each of its lines; without them findings are shown at the file.
    """

    file: str | None = None
    lines: Sequence[Sequence[int]] = ()

    def line(self, finding: Finding) -> int | None:
        """Return the file's line that a finding is about, if known."""
        if finding.cell_line is not None:
            return finding.cell_line if finding.line is None else finding.line
        if finding.cell is None or finding.line is None:
            return None
        cell = self.lines[finding.cell - 1] if 0 < finding.cell <= len(self.lines) else ()
        return cell[finding.line - 1] if 0 < finding.line <= len(cell) else None


def commands(
    graded: Iterable[tuple[Report, Source]], unread: Iterable[tuple[str, Source]] = ()
) -> list[str]:
    """Return the commands, one a line; ``unread`` are the reasons why notebooks got no report.

    Only the first ``MOST`` of each kind are returned; the step's summary has them all.
    """
    found = [_command("error", source, "not graded", reason) for reason, source in unread]
    for report, source in graded:
        found += _of_report(report, source)
    counts = dict.fromkeys(_KINDS.values(), 0)
    kept = []
    for kind, command in found:
        counts[kind] += 1
        if counts[kind] <= MOST:
            kept.append(command)
    return kept


def _of_report(report: Report, source: Source) -> Iterator[tuple[str, str]]:
    """Yield each finding once, even if two checks report the same line."""
    told = set()
    for check in report.checks:
        findings = points.worst_first(check)
        if points.lost_points(check):
            if not findings:
                yield _command("error", source, check.title, headline(check))
        else:
            findings = [item for item in findings if item.severity is Severity.WARNING]
        for finding in findings:
            same = (finding.cell, finding.line, finding.column, finding.message)
            if same not in told:
                told.add(same)
                yield _of_finding(check, finding, source)
    for note in report.notes:
        if note.severity is not Severity.INFO:  # those are for the TA
            yield _of_finding(None, note, source)


def _of_finding(check: CheckResult | None, finding: Finding, source: Source) -> tuple[str, str]:
    title = ", ".join(part for part in (check.title if check else "note", place(finding)) if part)
    words = finding.summary or (summary_line(check) if check else "")
    hint = f"hint: {finding.hint}" if finding.hint else ""
    message = "" if finding.message == words else finding.message
    text = "\n".join(filter(None, (words, message, hint)))
    return _command(_KINDS[finding.severity], source, title, text, source.line(finding))


def _command(
    kind: str, source: Source, title: str, text: str, line: int | None = None
) -> tuple[str, str]:
    """Return the kind of a command, and the command."""
    properties = {"file": source.file, "line": line, "title": printable(title, 120)}
    given = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None
    )
    return kind, f"::{kind} {given}::{_data(printable(text, _LONGEST, keep_lines=True))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
