"""The cells of a CSV file: points, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re

from grader import points
from grader.text import printable

_LONGEST = 500
# Excel, LibreOffice and Google Sheets calculate a cell that begins with one of these; the wide
# forms count in East Asian versions of Excel. `printable` removes tab and CR, which count too.
_FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
# What stands for no points.
NOTHING = frozenset({"", "-", "\u2013", "\u2014"})
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)


def text(words: str) -> str:
    """Return untrusted text as a cell that spreadsheets show and never calculate.

    A formula gets a leading ``'``, which marks a cell as text; plain numbers stay numbers. Line
    ends and control characters are removed, so that a row is a line.
    """
    shown = printable(words, _LONGEST)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown


def score(value: float | None, *, comma: bool = False) -> str:
    """Return points without trailing zeros (20, 12.5), and unknown points as an empty cell."""
    if value is None:
        return ""
    shown = points.points(value)
    return shown.replace(".", ",") if comma else shown


def number(cell: str) -> float | None:
    """Return the number in a cell that holds nothing else, whatever its decimal sign."""
    cell = cell.strip()
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def quoted(value: str, delimiter: str, *, always: bool) -> str:
    """Return a cell as a CSV file has it, quoted where needed or ``always``."""
    line = io.StringIO()
    csv.writer(
        line,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL,
        lineterminator="",
    ).writerow([value])
    return line.getvalue()
