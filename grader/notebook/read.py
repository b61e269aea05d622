"""Reads a notebook file into the few things that a grade depends on.

Everything else (outputs, unknown keys, missing metadata) may have any form. Two things are
corrected, not refused, because they are accidents: a byte order mark goes, and characters that
cannot be printed or encoded (unpaired surrogates, NUL) become U+FFFD, which is a syntax error in
code and costs only the statement it stands in.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from grader.errors import NotebookError
from grader.notebook.bounds import refuse_much
from grader.notebook.decode import RESAVE, begins_as_json, decode
from grader.notebook.form import NEWEST, raw_cells_in, refuse_other_languages, table, version_in
from grader.notebook.format3 import upgraded_sources
from grader.notebook.newer_syntax import version_of
from grader.notebook.output_digest import output_digest
from grader.notebook.text import HAND_IN, is_text, text_cells
from grader.quoting import file_name
from grader.text import printable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

MAX_FILE_BYTES = 100_000_000

CellKind = Literal["code", "markdown", "raw"]

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_KINDS: dict[str, CellKind] = {"code": "code", "markdown": "markdown", "heading": "markdown"}


@dataclass(frozen=True)
class Cell:
    """One cell, as written: ``source`` has LF line ends only and none at its end.

    In a notebook that is saved as text a cell's lines count as its file's do: there are ``above``
    empty lines for those above the cell. ``above`` is None where lines count from its beginning.
    """

    number: int  # counts from 1 among all cells
    kind: CellKind
    source: str
    id: str | None = None
    tags: tuple[str, ...] = ()
    above: int | None = None

    @property
    def text(self) -> str:
        """The source without the lines above the cell."""
        return self.source[self.above or 0 :]

    @property
    def title(self) -> str:
        """What a reader finds the cell by: its number, or its line where the file shows none."""
        at = self.above
        return f"Cell {self.number}" if at is None else f"Cell at line {at + 1}"


@dataclass(frozen=True)
class Notebook:
    """A notebook that can be graded: it holds Python code, or what a student took for it."""

    path: Path
    sha256: str  # of the file's bytes
    cells: tuple[Cell, ...]
    nbformat: tuple[int, int]
    outputs: str | None = None  # a digest of the saved outputs, see ``output_digest``
    assignment: str | None = None  # the id that its template wrote into the metadata
    python: tuple[int, int] | None = None  # the version that its metadata name

    def line_of(self, cell: int | None) -> int | None:
        """Return the file's line at which a cell begins, by its number, if it is saved as text."""
        if cell is None or not 0 < cell <= len(self.cells):
            return None
        above = self.cells[cell - 1].above
        return None if above is None else above + 1

    def place(self, cell: int, line: int) -> str:
        """Return in words where a line stands."""
        return f"cell {cell}, line {line}" if self.line_of(cell) is None else f"line {line}"


def read_notebook(path: str | os.PathLike[str]) -> Notebook:
    """Read a notebook of format 3 or 4, or one that is saved as text.

    Raises ``NotebookError``, and nothing else, whatever the path leads to.
    """
    return parse_notebook(read_file(Path(path)), path)


def read_file(path: Path) -> bytes:
    """Return the bytes of what should be a notebook.

    Raises ``NotebookError``, and nothing else, when there is no such file, or when it is not a
    regular file, cannot be read or is larger than ``MAX_FILE_BYTES``.
    """
    name = _name(path)
    try:
        about = path.stat()
        _refuse_irregular(about.st_mode, name)
        if about.st_size > MAX_FILE_BYTES:
            raise too_large(name)
        with path.open("rb") as file:
            # A file may grow, and those under /proc are longer than they say.
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise NotebookError(f"there is no file {name}", "Check the path.") from None
    except PermissionError:
        raise NotebookError(f"{name} may not be read", "Check the file's permissions.") from None
    except (OSError, ValueError) as error:
        why = printable(getattr(error, "strerror", None) or str(error), 80)
        raise NotebookError(f"{name} cannot be read ({why})", "Check the path.") from None
    if len(data) > MAX_FILE_BYTES:
        raise too_large(name)
    return data


def parse_notebook(data: bytes, path: str | os.PathLike[str]) -> Notebook:
    """Read a notebook from a file's bytes; ``path`` only names it, and tells text by its ending.

    Raises ``NotebookError`` when they are not a notebook with Python code in it.
    """
    place = Path(path)
    name = _name(place)
    if len(data) > MAX_FILE_BYTES:
        raise too_large(name)
    above: tuple[int | None, ...] = ()
    saved_as_text = is_text(place.name) and not begins_as_json(data)
    if saved_as_text:
        content, above = text_cells(data, place.name, name)
    else:
        content = decode(data, name)
    version = version_in(content, name)
    refuse_other_languages(content, name)
    raw = raw_cells_in(content, version, name)
    cells = tuple(_cells(raw, name))
    code = [cell.source for cell in cells if cell.kind == "code"]
    if not any(source.strip() for source in code):
        empty = "its code cells are empty" if code else "it has no code cells"
        hint = f"Is it the right file? {HAND_IN}" if saved_as_text else "Is it the right file?"
        raise NotebookError(f"{name} cannot be graded: {empty}", hint)
    refuse_much(code, name)
    if version[0] < NEWEST:
        sources = upgraded_sources(raw, [cell.source for cell in cells], name)
        cells = tuple(replace(c, source=text) for c, text in zip(cells, sources, strict=True))
    if above:
        moved = zip(cells, above, strict=True)
        cells = tuple(replace(c, source="\n" * (n or 0) + c.source, above=n) for c, n in moved)
    sha256 = hashlib.sha256(data).hexdigest()
    about = output_digest(raw), _template_of(content), version_of(content)
    return Notebook(place, sha256, cells, version, *about)


def _template_of(content: dict[str, Any]) -> str | None:
    """Return the assignment's id from the metadata, ``{"grader": {"assignment": …}}``."""
    mark = table(table(content.get("metadata")).get("grader")).get("assignment")
    return mark if isinstance(mark, str) else None


def _name(path: Path) -> str:
    return file_name(path.name or str(path), 80) or '""'


def _refuse_irregular(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise NotebookError(f"{name} is a folder, not a notebook", "Name the .ipynb file in it.")
    if not stat.S_ISREG(mode):
        raise NotebookError(f"{name} is not a regular file", "Name an .ipynb file.")


def too_large(name: str) -> NotebookError:
    """Return the error for a file of more than ``MAX_FILE_BYTES``; ``name`` must be printable."""
    return NotebookError(
        f"{name} is larger than {MAX_FILE_BYTES // 10**6} MB",
        "Clear all outputs in Jupyter or Colab and save the notebook again.",
    )


def _cells(raw: list[Any], name: str) -> Iterator[Cell]:
    for number, entry in enumerate(raw, 1):
        where = f"{name}: cell {number}"
        if not isinstance(entry, dict):
            raise NotebookError(f"{where} is not a cell", RESAVE)
        written = entry.get("cell_type")
        if not isinstance(written, str):
            raise NotebookError(f"{where} does not say whether it is code or text", RESAVE)
        kind = _KINDS.get(written, "raw")
        source = _source(entry)
        if source is None and kind == "code":
            raise NotebookError(f'{where} has no text ("source")', RESAVE)
        source = source or ""
        metadata = table(entry.get("metadata"))
        tags = metadata.get("tags")
        yield Cell(
            number,
            kind,
            source.replace("\0", "\ufffd"),
            # Colab keeps its ids in the metadata.
            _id(entry.get("id")) or _id(metadata.get("id")),
            tuple(_clean(t) for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
        )


def _source(entry: dict[str, Any]) -> str | None:
    source = entry.get("source", entry.get("input"))  # format 3 calls the code "input"
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    unix = source.replace("\r\n", "\n").replace("\r", "\n")
    return _clean(unix.removeprefix("\ufeff").rstrip("\n"))


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and _CELL_ID.fullmatch(value) else None
