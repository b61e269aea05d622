"""A table of text in which single cells can be changed and all other bytes stay.

The ``csv`` module drops how cells were written, such as their quotes and CR LF at a line's end. A
gradebook goes back to the system that exported it, so every cell keeps its bytes and only the
changed ones are written anew (by ``csv``).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DELIMITERS = ",;\t"
_FIRST_CELL = re.compile(r'(?:"[^"]*(?:""[^"]*)*"|[^",;\t\r\n]*)([,;\t])')
_AGAIN = "export it from your course again, as CSV, and give that file"
_MOST_BYTES = 50_000_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# The two bytes of a common Korean syllable in cp949. Most other pairs are also two letters with
# accents in latin-1, such as "ül" in "Müller".
_COMMON_SYLLABLE = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")


@dataclass(frozen=True)
class TableRow:
    """One record: its cells as written, quotes included, and its line end."""

    cells: tuple[str, ...]
    end: str

    def value(self, column: int) -> str:
        """Return a cell's value, empty beyond the end of the row."""
        if column >= len(self.cells):
            return ""
        cell = self.cells[column]
        return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell

    @property
    def values(self) -> tuple[str, ...]:
        """The values of all cells."""
        return tuple(self.value(column) for column in range(len(self.cells)))


@dataclass(frozen=True)
class Table:
    """A table, cell by cell; ``mark`` is its byte order mark, if any.

    The row with the number ``top`` names the columns; titles may stand above it.
    """

    rows: tuple[TableRow, ...]
    delimiter: str
    encoding: str
    mark: bytes = b""
    top: int = 0

    @property
    def header(self) -> tuple[str, ...]:
        """The values of the row that names the columns, stripped."""
        return tuple(value.strip() for value in self.rows[self.top].values)

    @property
    def records(self) -> dict[int, TableRow]:
        """The rows below the header that hold anything, by their numbers."""
        below = enumerate(self.rows[self.top + 1 :], self.top + 1)
        return {number: row for number, row in below if any(map(str.strip, row.values))}

    def below(self, top: int) -> Table:
        """Return the same table with another row as its header."""
        return replace(self, top=top)

    def with_cells(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """Return the file's bytes with new values for the cells at these (row, column)."""
        changed: dict[int, dict[int, str]] = {}
        for (number, column), value in changes.items():
            changed.setdefault(number, {})[column] = value
        pieces = []
        for number, row in enumerate(self.rows):
            cells_here = list(row.cells)
            for column, value in changed.get(number, {}).items():
                # Some programs leave out the empty cells at a row's end.
                cells_here += [""] * (column + 1 - len(cells_here))
                always = cells_here[column].startswith('"')
                cells_here[column] = cells.quoted(value, self.delimiter, always=always)
            pieces.append(self.delimiter.join(cells_here) + row.end)
        return self.mark + "".join(pieces).encode(self.encoding)


def read_table(path: Path) -> Table:
    """Read a table in UTF-8, UTF-16 or what Excel saves, with ``,``, ``;`` or tabs between cells.

    Raises ``GraderError`` when it can't be read or is something else.
    """
    shown = printable(path.name, 200)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise GraderError(f"cannot read the gradebook {shown}: {reason}") from None
    if len(data) > _MOST_BYTES:
        raise GraderError(f"{shown} is larger than {_MOST_BYTES // 10**6} MB", _AGAIN)
    if data.startswith((b"PK", _OLD_EXCEL)):
        raise GraderError(f"{shown} is a spreadsheet or an archive, not a CSV file", _AGAIN)
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    words, encoding = _decoded(data[len(mark) :], _MARKS.get(mark) or _wide(data), shown)
    found = _FIRST_CELL.match(words)
    if found is None:
        raise GraderError(f"{shown} is not a CSV file: its first line is one cell", _AGAIN)
    delimiter = found[1]
    return Table(_rows(words, delimiter, shown), delimiter, encoding, mark)


def _wide(data: bytes) -> str | None:
    """Return the kind of UTF-16 of data that begins with two ASCII characters, if any."""
    zeros = [byte == 0 for byte in data[:4]]
    if zeros == [False, True] * 2:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False] * 2 else None


def _decoded(data: bytes, stated: str | None, shown: str) -> tuple[str, str]:
    """Return the file's text and its encoding: the stated one, UTF-8, or what Excel saves instead.

    The last two encodings are harmless guesses: both restore every byte, and a name that is decoded
    wrongly matches nobody.
    """
    guesses = ("utf-8", "cp949") if _COMMON_SYLLABLE.search(data) else ("utf-8",)
    for encoding in (stated,) if stated else guesses:
        try:
            words = data.decode(encoding)
            if words.encode(encoding) == data:
                break
        except UnicodeError:
            continue
    else:
        if stated:
            raise GraderError(f"{shown} is not text in the encoding that it states", _AGAIN)
        words, encoding = data.decode("latin-1"), "latin-1"
    if "\0" in words:
        raise GraderError(f"{shown} is not text", _AGAIN)
    return words, encoding


def _rows(words: str, delimiter: str, shown: str) -> tuple[TableRow, ...]:
    bare = rf'[^"{delimiter}\r\n][^{delimiter}\r\n]*'
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"|{bare}|)({delimiter}|\r\n|\r|\n|\Z)')
    rows, current, at = [], list[str](), 0
    while at < len(words) or current:
        found = cell.match(words, at)
        if found is None:
            line = words.count("\n", 0, at) + 1
            raise GraderError(f"{shown}, line {line}: a quotation mark is never closed", _AGAIN)
        current.append(found[1])
        at = found.end()
        if found[2] != delimiter:
            rows.append(TableRow(tuple(current), found[2]))
            current = []
    return tuple(rows)
