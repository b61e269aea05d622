"""Reports as the Markdown that GitHub shows as a step's summary.

A student's text stands either in a table, with every special character of Markdown and HTML as an
entity, or in ``<pre>``, where there is no Markdown, as escaped HTML.
"""

from __future__ import annotations

import html
import string
from typing import TYPE_CHECKING

from grader import points
from grader.quoting import file_name
from grader.reports.terminal import findings_text, points_line, summary_line
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.report import CheckResult, Report

_CUT = "\n*The summary ends here: there is no room for more.*\n"
_ENTITIES = {sign: f"&#{ord(sign)};" for sign in string.punctuation}
# GitHub links @names, #numbers and addresses in the rendered text; an invisible word joiner
# prevents that.
_ENTITIES |= {sign: f"{_ENTITIES[sign]}&#8288;" for sign in "@#"}
_ESCAPES = str.maketrans(_ENTITIES)


def to_markdown(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]], most_bytes: int
) -> str:
    """Return the summary, cut between its parts to at most ``most_bytes``."""
    room = most_bytes - len(_CUT.encode())
    kept = []
    for part in _parts(reports, unread):
        room -= len(part.encode())
        if room < 0:
            kept.append(_CUT if most_bytes >= len(_CUT.encode()) else "")
            break
        kept.append(part)
    return "".join(kept)


def _parts(reports: Sequence[Report], unread: Sequence[tuple[str, str]]) -> Iterator[str]:
    for path, reason in unread:
        yield f"### {_text(file_name(path, 300))}: not graded\n\n{_text(reason, 1000)}\n\n"
    for report in reports:
        yield _table(report)
        for check in filter(points.lost_points, report.checks):
            found = findings_text(check)
            if found:
                yield f"<pre>\n{html.escape(found)}\n</pre>\n\n"
        yield _footer(report)


def _table(report: Report) -> str:
    heading = f"### {_text(file_name(report.submission.path, 300))}: {points_line(report)}\n\n"
    rows = "".join(_row(check) for check in report.checks)
    table = f"| | check | points | |\n| --- | --- | ---: | --- |\n{rows}\n"
    if report.internal_error:
        table += (
            "GRADER marks a fault of the grader's own, not of the notebook: this score is not "
            "final. Please report it and grade again.\n\n"
        )
    return heading + table


def _row(check: CheckResult) -> str:
    mark = points.MARKS[check.status]
    cells = (mark, _text(check.title), points_line(check), _text(summary_line(check)))
    return f"| {' | '.join(cells)} |\n"


def _footer(report: Report) -> str:
    ran = report.environment
    facts = {"seed": ran.seed, "torch": ran.torch, "device": ran.device}
    known = [f"graded as {report.assignment}"]
    known += [f"{name} {value}" for name, value in facts.items() if value is not None]
    return f"<sub>{_text(' · '.join(known))}</sub>\n\n"


def _text(text: str, limit: int = 300) -> str:
    return printable(text, limit).translate(_ESCAPES)
