"""Cuts a Markdown document into cells: its blocks of Python code, and the text between them.

Forms: Jupytext's and nbconvert's Markdown, R Markdown and Quarto, MyST.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.notebook.text.pieces import TextPiece, tags_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})\s*(?P<info>[^`]*)$")
_PYTHON = re.compile(r"\{?\s*(?:i?python[23]?|py)\b(?!\s*(?:\.noeval|eval\s*=\s*F))", re.IGNORECASE)
_CODE_CELL = re.compile(r"\{code(?:-cell|-block)?\}\s*(?:i?python[23]?)?\s*$", re.IGNORECASE)
# Where one text ends and the next begins: Jupytext's regions and MyST's breaks.
_BREAK = re.compile(r"<!--\s*#(?:end)?(?:region|markdown|md|raw)\b|\+\+\+(?:\s|$)")


def document_pieces(lines: list[str], first: int) -> list[TextPiece]:
    """Return a document's pieces from line ``first`` on; MyST's options of cells are made blank.

    A document that names no block's language holds Python, as nbconvert writes it for a notebook
    without a language.
    """
    blocks = list(_blocks(lines, first))
    bare = not any(_is_python(info) for info, *_ in blocks)
    pieces: list[TextPiece] = []
    at = first
    for info, begin, end in blocks:
        if _is_python(info) or (bare and not info):
            pieces += _texts(lines, at, begin - 1)
            tags = _without_options(lines, begin, end) if _CODE_CELL.match(info) else ()
            pieces.append(TextPiece("code", begin, end, tags or tags_in(info)))
            at = end + 1
    return [*pieces, *_texts(lines, at, len(lines))]


def _is_python(info: str) -> bool:
    return bool(_PYTHON.match(info) or _CODE_CELL.match(info))


def _blocks(lines: list[str], first: int) -> Iterator[tuple[str, int, int]]:
    """Yield what each fence names, and the lines between it and the one that closes it."""
    opened: tuple[str, str, int] | None = None
    for number in range(first, len(lines)):
        found = _FENCE.match(lines[number]) if lines[number][:1] in "`~:" else None
        if found is None:
            continue
        if opened is None:
            # Quarto's ":::" frames text, and code within it.
            if found["fence"][0] != ":" or _CODE_CELL.match(found["info"]):
                opened = found["fence"], found["info"].strip(), number + 1
        elif found["fence"].startswith(opened[0]) and not found["info"].strip():
            yield opened[1], opened[2], number
            opened = None
    if opened is not None:
        yield opened[1], opened[2], len(lines)


def _texts(lines: list[str], first: int, last: int) -> Iterator[TextPiece]:
    begin = first
    tags: tuple[str, ...] = ()
    for number in range(first, last):
        if _BREAK.match(lines[number]):
            yield TextPiece("markdown", begin, number, tags)
            begin, tags = number + 1, tags_in(lines[number])
    yield TextPiece("markdown", begin, last, tags)


def _without_options(lines: list[str], first: int, last: int) -> tuple[str, ...]:
    """Make the options at the head of a MyST cell blank, in place; return the tags among them."""
    number = first
    tags: tuple[str, ...] = ()
    framed = first < last and lines[first].rstrip() == "---"
    while number < last and (framed or lines[number].lstrip().startswith(":")):
        line, lines[number] = lines[number], ""
        tags = tags or tags_in(line)
        number += 1
        if framed and number > first + 1 and line.rstrip() == "---":
            break
    return tags
