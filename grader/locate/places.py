"""Guesses the lines of blanks in text that does not parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.locate.block_texts import block_places
from grader.locate.slots import is_expression

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment.model import Blank
    from grader.locate.outlines import Outline

# Places tried for each blank: enough for an answer pasted twice, and never a long search.
_MOST_PLACES = 3
_MADE = re.compile(r"\s*((?:return\b|[\w.]+\s*=(?!=))\s*)")
# First and last line.
Place = tuple[int, int]


def tries(
    lines: list[str], blanks: Sequence[Blank], blocks: Mapping[int, Outline]
) -> tuple[dict[int, list[Place]], dict[int, str]]:
    """Return where each blank may be, and what is put there."""
    places, neutral = {}, {}
    for blank in blanks:
        outline = blocks.get(blank.number)
        found = _places(lines, blank) if outline is None else block_places(lines, outline)
        if found:
            places[blank.number] = found
        neutral[blank.number] = blank.neutral if outline is None else outline.neutral
        if found and outline is None and is_expression(blank.neutral):
            # One of several in a statement: what is made of them has to be bound.
            made = _MADE.match(lines[found[0][0] - 1])
            neutral[blank.number] = f"{made[1] if made else ''}{blank.neutral}"
    return places, neutral


def beside(
    chosen: Mapping[int, Place], blanks: Sequence[Blank], places: Mapping[int, list[Place]]
) -> dict[int, int]:
    """Return the blanks in the same statement as a replaced one, each with that one."""
    found = {}
    for blank in blanks:
        if blank.number not in chosen and is_expression(blank.neutral):
            here = (n for n, place in chosen.items() if place in places.get(blank.number, ()))
            one = next(here, None)
            if one is not None:
                found[blank.number] = one
    return found


def _places(lines: list[str], blank: Blank) -> list[tuple[int, int]]:
    """Guess the lines of a blank's statement from the lines that its anchor fits, likeliest first.

    A blank that is a statement takes up one line, most likely the last that fits; an expression's
    statement begins at the line that fits and may span several.
    """
    starts = [
        number
        for number, line in enumerate(lines, start=1)
        if re.search(blank.anchor, line) and not line.lstrip().startswith(("def ", "class ", "#"))
    ]
    if blank.kind == "statement":
        return [(first, first) for first in reversed(starts)][:_MOST_PLACES]
    return [(first, _end(lines, first)) for first in starts[:_MOST_PLACES]]


def _end(lines: list[str], first: int) -> int:
    """Return the last line of what is indented below a line, its closing bracket included."""
    margin = _indent(lines[first - 1])
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if _indent(line) <= margin and not text.startswith((")", "]", "}")):
            break
        last = number
        if _indent(line) <= margin:
            break
    return last


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
