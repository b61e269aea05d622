"""Makes a part with a syntax error in a blank readable, at the cost of that blank alone."""

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
_MOST = 3
# Characters that are parsed in all: a part that students write is tried out hundreds of times.
_MOST_TEXT = 3_000_000


@dataclass(frozen=True)
class Salvaged:
    """Text that parses, and for each blank that was put aside the line where it began."""

    source: str
    lines: dict[int, int]


def salvage(source: str, blanks: Sequence[Blank]) -> Salvaged | None:
    """Put as few blanks aside as make ``source`` parse; ``None`` when none will do."""
    left = _MOST_TEXT // max(len(source), 1)
    lines = source.split("\n")
    regions = {blank.number: found for blank in blanks if (found := _regions(lines, blank))}
    neutral = {blank.number: blank.neutral for blank in blanks}
    for count in range(1, len(regions) + 1):
        for chosen in combinations(sorted(regions), count):
            for places in product(*(regions[number] for number in chosen)):
                left -= 1
                if left < 0:
                    return None
                text = source
                for number, place in zip(chosen, places, strict=True):
                    text = neutral_text(text, *place, neutral[number])
                if isinstance(parse(text), ast.Module):
                    starts = [first for first, _ in places]
                    return Salvaged(text, dict(zip(chosen, starts, strict=True)))
    return None


def neutral_text(source: str, first: int, last: int, neutral: str) -> str:
    """Replace lines ``first`` to ``last`` by one statement, keeping every line number."""
    lines = source.split("\n")
    indent = re.match(r"\s*", lines[first - 1])
    margin = indent.group() if indent else ""
    lines[first - 1 : last] = [margin + neutral] + [""] * (last - first)
    return "\n".join(lines)


def _regions(lines: list[str], blank: Blank) -> list[tuple[int, int]]:
    """Guess the lines of a blank's statement: from each line that its anchor fits, a few at most.

    A statement begins at the first such line where it spans several, as an expression does; the
    update lines are one line each, and the last one is the likeliest.
    """
    starts = [
        number
        for number, line in enumerate(lines, start=1)
        if re.search(blank.anchor, line) and not line.lstrip().startswith(("def ", "class ", "#"))
    ]
    if blank.kind == "statement":
        return [(first, first) for first in reversed(starts)][:_MOST]
    return [(first, _end(lines, first)) for first in starts][:_MOST]


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
