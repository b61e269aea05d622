"""Maps each line of a notebook's cells to its line in the file, for tools that show the file.

Python's ``json`` does not report positions, so this walks the outer levels itself (document,
cells, cell, source) and leaves every value in them to ``json``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from json import JSONDecoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FileLines = tuple[tuple[int, ...], ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_LINE_END = re.compile(r"\r\n?|\n")
_CLOSING = {"{": "}", "[": "]"}
_decode = JSONDecoder().raw_decode


def file_lines(text: str) -> FileLines:
    """Return for each cell, and each line of its source, the line of ``text`` it stands on.

    Lines count from 1, and cells are in the notebook's order. A cell whose source is one JSON
    string has all its lines on one. A result, or a cell's, that is not certain is empty.
    """
    if "\r" in text.replace("\r\n", ""):  # editors disagree on whether that ends a line
        return ()
    ends = [found.start() for found in re.finditer("\n", text)]
    try:
        return tuple(
            tuple(bisect_left(ends, place) + 1 for place in _source_places(text, cell))
            for cell in _cells(text)
        )
    except (LookupError, RecursionError, TypeError, ValueError):  # no notebook after all
        return ()


def _cells(text: str) -> list[int]:
    """Return where each cell begins; format 3 keeps cells in worksheets."""
    document = dict(_children(text, _skip(text, 0)))
    if _decode(text, document["nbformat"])[0] == 4:
        return [cell for _, cell in _children(text, document["cells"])]
    sheets = [dict(_children(text, sheet)) for _, sheet in _children(text, document["worksheets"])]
    return [cell for sheet in sheets for _, cell in _children(text, sheet["cells"])]


def _source_places(text: str, cell: int) -> list[int]:
    """Return where the JSON string begins that holds the start of each line of a cell's source."""
    members = dict(_children(text, cell))
    source = members.get("source", members.get("input"))
    if source is None:
        return []
    places = [place for _, place in _children(text, source)] if text[source] == "[" else [source]
    pieces = [_decode(text, place)[0] for place in places]
    whole = "".join(pieces)
    starts = [0, *(found.end() for found in _LINE_END.finditer(whole))]
    # Behind a line end that ends the source there is no further line.
    lengths = list(accumulate(map(len, pieces)))
    return [places[bisect_right(lengths, start)] for start in starts if start < len(whole)]


def _children(text: str, at: int) -> Iterator[tuple[Any, int]]:
    """Yield the key (or the index) and the place of each value of the object or list at ``at``."""
    closing = _CLOSING[text[at]]
    at = _skip(text, at + 1)
    index = 0
    while text[at] != closing:
        key: Any = index
        if closing == "}":
            key, at = _decode(text, at)
            at = _skip(text, _skip(text, at) + 1)  # beyond the colon
        yield key, at
        at = _skip(text, _decode(text, at)[1])
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1


def _skip(text: str, at: int) -> int:
    """Return the place of the next character that is no white space."""
    found = _SPACE.match(text, at)
    assert found is not None  # the pattern also matches an empty text
    return found.end()
