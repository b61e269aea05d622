"""Reads the text and the rows of a CSV file from a spreadsheet, an LMS or by hand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake import caps
from grader.intake.names import clean, decode
from grader.intake.roster.column_names import known_names
from grader.text import printable

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

_DELIMITERS = ",;\t|"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OTHERS = ("gb18030", "cp932")  # Excel's in Chinese and Japanese
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_EXAMPLE = "The first line names the columns, as in: id,name,email,section"
# Excel reads and writes this first line.
_STATED = re.compile(r"(?i)\s*\"?sep=(.)\"?\s*")
_SAMPLE = 60  # rows that tell the delimiter
_NARROW = 3  # cells; a text of several lines has as many commas by chance in a wider table
_MOST_BROKEN = 20  # quotes that never close; then the file is read line by line


@dataclass(frozen=True)
class Row:
    """A row's cells, without space around them, and the number of its first line."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """The rows that are not empty, and the lines whose quotes had to be ignored."""

    rows: tuple[Row, ...]
    broken: tuple[int, ...] = ()


def read_rows(path: str | os.PathLike[str], what: str) -> Rows:
    """Read a CSV file in UTF-8, UTF-16 or what Excel writes, with any usual delimiter.

    ``what`` names the file in errors, as in "the roster class.csv". Raises ``GraderError`` if it
    cannot be read or is no text.
    """
    text = _text(path, what)
    stated = _STATED.fullmatch(text.partition("\n")[0].rstrip("\r"))
    skipped = 1 if stated else 0
    lines = io.StringIO(text, newline="").readlines()[skipped:]
    delimiter = stated[1] if stated else max(_DELIMITERS, key=lambda d: _common_width(lines, d)[0])
    return _parsed(lines, delimiter, 1 + skipped)


def _text(path: str | os.PathLike[str], what: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(caps.ROSTER_BYTES + 1)
    except (OSError, ValueError) as error:
        why = printable(getattr(error, "strerror", None) or str(error), 80)
        raise GraderError(f"{what} cannot be read ({why})", "Check the path.") from None
    if len(data) > caps.ROSTER_BYTES:
        raise GraderError(f"{what} is larger than {caps.ROSTER_BYTES // 10**6} MB", _EXAMPLE)
    if data.startswith(_SPREADSHEETS):
        raise GraderError(f"{what} is a spreadsheet, not a CSV file", "Save it as CSV (UTF-8).")
    encoding = next((e for mark, e in _BOMS.items() if data.startswith(mark)), None)
    if encoding is None and data[1:400:2] and not data[1:400:2].strip(b"\0"):
        encoding = "utf-16-le"
    try:
        text = data.decode(encoding) if encoding else _decoded(data)
    except UnicodeDecodeError:
        raise GraderError(
            f"{what} is not text in the encoding that it states", "Save it as CSV (UTF-8)."
        ) from None
    if "\0" in text:
        raise GraderError(f"{what} is not text", "Save it as CSV (UTF-8).")
    return text


def _decoded(data: bytes) -> str:
    """Return text of an unknown encoding: that in which most columns have known names."""
    found = [decode(data, "cp1252")]
    if not _is_utf8(data):
        found += [data.decode(other, "replace") for other in _OTHERS]
    return max(found, key=known_names)  # the first of equals


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _common_width(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how regular the first rows are, and the width that most of them have.

    The regularity is the number of cells beyond one in all rows of the best width.
    """
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(lines[:_SAMPLE], delimiter=delimiter):
            widths[len(cells)] += any(cells)
    except csv.Error:
        return 0, 1
    regularity = max(((width - 1) * count for width, count in widths.items()), default=0)
    return regularity, max(widths, key=lambda width: widths[width], default=1)


def _parsed(lines: Sequence[str], delimiter: str, number: int) -> Rows:
    """Return the rows; a quote that swallows other rows is taken for a letter."""
    _, width = _common_width(lines, delimiter)
    rows: list[Row] = []
    broken: list[int] = []
    at = 0
    while at < len(lines):
        strict = len(broken) < _MOST_BROKEN
        cells, used = _record(lines, at, delimiter) if strict else ([], 0)
        if not used or _swallows(cells, lines[at + 1 : at + used], delimiter, width):
            cells, used = [cell.strip(' "') for cell in lines[at].split(delimiter)], 1
            if '"' in lines[at]:
                broken.append(at + number)
        kept = tuple(" ".join(clean(cell).split()) for cell in cells)
        if any(kept):
            rows.append(Row(at + number, kept))
        at += used
    return Rows(tuple(rows), tuple(broken))


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """Return the cells of one record, and its number of lines: 0 if its quotes are wrong."""
    reader = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return [], 0


def _swallows(cells: Sequence[str], more: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether the further lines of a record look like rows of their own."""
    if not more:
        return False
    narrow = width <= _NARROW and any(line.count(delimiter) >= width - 1 for line in more)
    return len(cells) != width or narrow
