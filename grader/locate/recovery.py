"""Recovers a part with a syntax error in a blank: that blank is replaced, the rest parses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from grader.locate.statements import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment.model import Blank

# Places tried for each blank: enough for an answer pasted twice, and never a long search.
_MOST_PLACES = 3
# Characters that are parsed in all; students' parts are so short that hundreds of attempts fit.
_MOST_TEXT = 3_000_000


@dataclass(frozen=True)
class Recovered:
    """Text that parses, and for each blank that was replaced the line where it began."""

    source: str
    lines: dict[int, int]


def recover(source: str, blanks: Sequence[Blank]) -> Recovered | None:
    """Replace as few blanks as make ``source`` parse; ``None`` when no choice of them does."""
    left = _MOST_TEXT // max(len(source), 1)
    lines = source.split("\n")
    places = {blank.number: found for blank in blanks if (found := _places(lines, blank))}
    neutral = {blank.number: blank.neutral for blank in blanks}
    for count in range(1, len(places) + 1):
        for numbers in combinations(sorted(places), count):
            for chosen in product(*(places[number] for number in numbers)):
                left -= 1
                if left < 0:
                    return None
                text = source
                for number, (first, last) in zip(numbers, chosen, strict=True):
                    text = with_neutral(text, first, last, neutral[number])
                if isinstance(parse(text), ast.Module):
                    starts = [first for first, _ in chosen]
                    return Recovered(text, dict(zip(numbers, starts, strict=True)))
    return None


def with_neutral(source: str, first: int, last: int, neutral: str) -> str:
    """Replace lines ``first`` to ``last`` by a blank's neutral statement; no line number changes.

    A neutral statement runs and answers nothing, such as ``pass``; the assignment states it.
    """
    lines = source.split("\n")
    indent = re.match(r"\s*", lines[first - 1])
    margin = indent.group() if indent else ""
    lines[first - 1 : last] = [margin + neutral] + [""] * (last - first)
    return "\n".join(lines)


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
