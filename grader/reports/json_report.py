r"""Reports as JSON: one indented object for one notebook, one compact line each for several.

ASCII only: a student's text can hold terminal escapes, bidi overrides or lone surrogates, which
UTF-8 can't encode. As ``\uXXXX`` they are safe on a terminal, in a log and in every encoding, and
any reader restores them.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from grader.reports.destination import check_file, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.report import Report

STDOUT = "-"


def to_text(report: Report) -> str:
    """Return one report as indented JSON with a newline at its end."""
    return json.dumps(report.to_json(), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def to_lines(reports: Iterable[Report]) -> str:
    """Return JSON Lines: one compact object a line, in the order of the reports."""
    return "".join(to_line(report.to_json()) for report in reports)


def to_line(report: dict[str, Any]) -> str:
    """Return a report's plain data, with any additions, on one line."""
    return json.dumps(report, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n"


def write(destination: str, reports: Sequence[Report], *, lines: bool | None = None) -> None:
    """Write reports to a file, or to standard output for ``-``.

    One report is written by ``to_text``, several by ``to_lines``; ``lines`` overrides that, for a
    caller that does not know the number beforehand. A file is replaced whole or not at all.
    """
    several = len(reports) != 1 if lines is None else lines
    text = to_lines(reports) if several else "".join(to_text(report) for report in reports)
    if destination == STDOUT:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    write_file(destination, text, "--json")


def check_destination(destination: str) -> None:
    """Raise ``GraderError`` if a report can't be written there; called before grading."""
    if destination != STDOUT:
        check_file(destination, "--json")
