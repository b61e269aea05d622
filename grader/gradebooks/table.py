"""A CSV file in which single cells can be changed and all other bytes stay.

The ``csv`` module drops how cells were written, such as their quotes and CR LF at a line's end. A
gradebook goes back to the system that exported it, so every cell keeps its bytes and only the
changed ones are written anew (by ``csv``).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
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
    """A CSV file, cell by cell; ``mark`` is its byte order mark, if any."""

    rows: tuple[TableRow, ...]
    delimiter: str
    encoding: str
    mark: bytes = b""

    @property
    def header(self) -> tuple[str, ...]:
        """The first row's values, stripped."""
        return tuple(value.strip() for value in self.rows[0].values)

    def with_cells(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """Return the file's bytes with new values for the cells at these (row, column)."""
        pieces = []
        for number, row in enumerate(self.rows):
            written = [
                cells.quoted(changes[number, column], self.delimiter, always=cell.startswith('"'))
                if (number, column) in changes
                else cell
                for column, cell in enumerate(row.cells)
            ]
            pieces.append(self.delimiter.join(written) + row.end)
        return self.mark + "".join(pieces).encode(self.encoding)


def read_table(path: Path) -> Table:
    """Read a CSV file with ``,``, ``;`` or tabs between its cells.

    Raises ``GraderError`` when it can't be read or is something else.
    """
    shown = printable(path.name, 200)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise GraderError(f"cannot read the gradebook {shown}: {reason}") from None
    if data.startswith(b"PK"):
        raise GraderError(f"{shown} is a spreadsheet or an archive, not a CSV file", _AGAIN)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise GraderError(f"{shown} is not a CSV file in UTF-8", _AGAIN)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    words, encoding = _decoded(data[len(mark) :])
    found = _FIRST_CELL.match(words)
    if found is None:
        raise GraderError(f"{shown} is not a CSV file: its first line is one cell", _AGAIN)
    delimiter = found[1]
    return Table(_rows(words, delimiter, shown), delimiter, encoding, mark)


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the file's text and its encoding: UTF-8, or what Excel saves instead.

    The second and third encoding are harmless guesses: both restore every byte, and a name that is
    decoded wrongly matches nobody.
    """
    for encoding in ("utf-8", "cp949"):
        try:
            words = data.decode(encoding)
            if words.encode(encoding) == data:
                return words, encoding
        except UnicodeError:
            continue
    return data.decode("latin-1"), "latin-1"


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
