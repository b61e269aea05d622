"""Finds the Markdown heading that a cell stands below: Jupyter shows that, and no cell numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.notebook.read import Cell

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(r"[*_`$]+")
_LONGEST = 60


def heading_above(cells: Iterable[Cell], number: int | None) -> str:
    """Return the last heading above a cell as plain text, an empty text where there is none."""
    if number is None:
        return ""
    above = [cell for cell in cells if cell.number < number and cell.kind == "markdown"]
    for cell in reversed(above):
        found = _HEADING.findall(_FENCED.sub("", cell.source[:20_000]))
        if found:
            return printable(_MARKS.sub("", found[-1]), _LONGEST).replace('"', "'")
    return ""
