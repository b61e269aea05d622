"""What stands in a cell: points, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re

from grader import points as marks
from grader.text import printable

_LONGEST = 500
# What makes Excel, LibreOffice and Google Sheets calculate; the wide forms do so in East Asian
# versions of Excel. Tab and CR, which do too at the start of a cell, never get past `printable`.
_FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)


def text(words: str) -> str:
    """Return words that strangers wrote as a cell that every spreadsheet shows and none runs.

    What would be a formula gets a leading ``'``, which spreadsheets take for "this is text";
    plain numbers stay numbers. Line ends and control characters go, so that a row is a line.
    """
    shown = printable(words, _LONGEST)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown


def points(value: float | None, *, comma: bool = False) -> str:
    """Return points without a tail of zeros (20, 12.5), and unknown ones as an empty cell."""
    if value is None:
        return ""
    shown = marks.points(value)
    return shown.replace(".", ",") if comma else shown


def number(cell: str) -> float | None:
    """Return the number in a cell that holds nothing else, whatever its decimal sign."""
    cell = cell.strip()
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def quoted(value: str, delimiter: str, *, always: bool) -> str:
    """Return a cell as a CSV file has it; ``always`` puts quotes where none are needed too."""
    line = io.StringIO()
    csv.writer(
        line,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL,
        lineterminator="",
    ).writerow([value])
    return line.getvalue()
