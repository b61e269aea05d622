"""Makes a part with a syntax error in a blank readable, at the cost of that blank alone."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from grader.notebook.statements import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment.model import Blank


@dataclass(frozen=True)
class Salvaged:
    """Text that parses, and for each blank that was put aside the line where it began."""

    source: str
    lines: dict[int, int]


def salvage(source: str, blanks: Sequence[Blank]) -> Salvaged | None:
    """Put as few blanks aside as make ``source`` parse; ``None`` when none will do."""
    lines = source.split("\n")
    regions = {
        blank.number: region for blank in blanks if (region := _region(lines, blank)) is not None
    }
    neutral = {blank.number: blank.neutral for blank in blanks}
    for count in range(1, len(regions) + 1):
        for chosen in combinations(sorted(regions), count):
            text = source
            for number in chosen:
                text = neutral_text(text, *regions[number], neutral[number])
            if isinstance(parse(text), ast.Module):
                return Salvaged(text, {number: regions[number][0] for number in chosen})
    return None


def neutral_text(source: str, first: int, last: int, neutral: str) -> str:
    """Replace lines ``first`` to ``last`` by one statement, keeping every line number."""
    lines = source.split("\n")
    indent = re.match(r"\s*", lines[first - 1])
    margin = indent.group() if indent else ""
    lines[first - 1 : last] = [margin + neutral] + [""] * (last - first)
    return "\n".join(lines)


def _region(lines: list[str], blank: Blank) -> tuple[int, int] | None:
    """Guess the lines of a blank's statement from its anchor and the indentation."""
    starts = [
        number
        for number, line in enumerate(lines, start=1)
        if re.search(blank.anchor, line) and not line.lstrip().startswith(("def ", "class "))
    ]
    if not starts:
        return None
    first = starts[-1]
    margin = _indent(lines[first - 1])
    last = first
    if blank.kind == "statement":
        return first, first
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
    return first, last


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
