"""Reads a notebook that is saved as text into cells that know their lines in the file.

Jupytext reads all of these forms but marimo's, and tests hold what is read here against it. It is
not used on what students hand in: the head of a file tells it to start marimo, Quarto or Pandoc, a
few lines of YAML take it any amount of memory, some shapes the square of their length in time, and
it does not say where in the file a cell stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.errors import NotebookError
from grader.notebook.decode import text_of
from grader.notebook.text.documents import document_pieces
from grader.notebook.text.marimo import is_marimo, marimo_pieces
from grader.notebook.text.pieces import TextPiece, uncommented
from grader.notebook.text.scripts import script_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT_BYTES = 20_000_000
MAX_TEXT_LINES = 50_000
# Empty lines stand above each cell for the lines above it in the file.
MAX_LINES_ABOVE = 200_000

_NAME = re.compile(r"\.(?:py|md|markdown|qmd|rmd|myst|mystnb|mnb)(?:\.txt)?$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.py(?:\.txt)?$", re.IGNORECASE)
_OPENING = re.compile(r"#!|#.*coding[:=]|\s*$")
_LONGEST_HEADER = 300
_LANGUAGE = re.compile(r"^\W*language:\s*['\"]?([\w+#-]+)", re.MULTILINE)
_FORM = re.compile(r"^\W*format_name:\s*light\b", re.MULTILINE)
HAND_IN = (
    "Hand in the notebook itself: File, Download, Download .ipynb in Colab; .ipynb in Jupyter."
)


class TextCells(NamedTuple):
    """A notebook's content in the form of format 4, and for each cell the lines above it.

    These are ``None`` for a cell whose lines are no lines of the file.
    """

    content: dict[str, Any]
    above: tuple[int | None, ...]


def is_text(name: str) -> bool:
    """Whether a file of this name may be a notebook that is saved as text."""
    return bool(_NAME.search(name))


def without_ending(name: str) -> str:
    """Return a text's name without its ending; others unchanged."""
    return _NAME.sub("", name)


def text_cells(data: bytes, filename: str, name: str) -> TextCells:
    """Return the cells of a text notebook; ``name`` is what messages call the file.

    Nothing in it is run, and no other file is read. Raises ``NotebookError`` for what is no text,
    is too large, or cannot be cut into cells.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise NotebookError(f"{name} is larger than {MAX_TEXT_BYTES // 10**6} MB", HAND_IN)
    text = text_of(data, name, document=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_TEXT_LINES:
        raise NotebookError(f"{name} has more than {MAX_TEXT_LINES:,} lines", HAND_IN)
    script = bool(_SCRIPT.search(filename))
    header, first = _header(lines, "# ---" if script else "---")
    if not script:
        pieces = document_pieces(lines, first)
    elif is_marimo(lines):
        pieces = marimo_pieces(lines, name)
    else:
        lines[:first] = [""] * first
        pieces = script_pieces(lines, light=bool(_FORM.search(header)))
    cells = list(_cells(lines, pieces, script=script))
    above = tuple(lines_above for _, lines_above in cells)
    if sum(filter(None, above)) > MAX_LINES_ABOVE:
        raise NotebookError(f"{name} has too many cells in too many lines", HAND_IN)
    language = _LANGUAGE.search(header)
    metadata = {"kernelspec": {"language": language[1]}} if language else {}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata}
    return TextCells({**content, "cells": [cell for cell, _ in cells]}, above)


def _header(lines: list[str], rule: str) -> tuple[str, int]:
    """Return the lines between the first two rules, if the file begins so, and where it goes on."""
    first = 0
    while first < min(len(lines), 5) and _OPENING.match(lines[first]):
        first += 1
    if not (first < len(lines) and lines[first].rstrip() == rule):
        return "", 0
    for last in range(first + 1, min(len(lines), first + _LONGEST_HEADER)):
        if lines[last].rstrip() == rule:
            return "\n".join(lines[first:last]), last + 1
    return "", 0


def _cells(
    lines: list[str], pieces: list[TextPiece], *, script: bool
) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Yield the cells that hold something."""
    for piece in pieces:
        text = "\n".join(lines[piece.first : piece.last]) if piece.text is None else piece.text
        if not text.strip():
            continue
        filled = len(text) - len(text.lstrip())
        begin = text.count("\n", 0, filled)
        above = piece.first + begin if piece.text is None else None
        text = "\n".join(text.split("\n")[begin:])
        if piece.kind == "markdown":
            inside = uncommented(text) if script and piece.text is None else text.strip("\n")
            text, above = inside, None
        yield (
            {
                "cell_type": piece.kind,
                "metadata": {"tags": list(piece.tags)},
                "source": text.rstrip(),
            },
            above,
        )
