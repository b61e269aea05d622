"""Recovers a part with a syntax error in a blank: that blank is replaced, the rest parses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

from grader.locate.texts import UNEXPECTED, SyntaxProblem, at_the_margin, merge_marks, parse
from grader.notebook.scan import indent, is_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.assignment.model import Blank

# Places tried for each blank: enough for an answer pasted twice, and never a long search.
_MOST_PLACES = 3
# Characters of a text that is tried, and that are parsed in all: students' parts are so short that
# hundreds of attempts fit.
_LONGEST = 50_000
_MOST_TEXT = 600_000
# Which line's indentation a neutral statement gets.
_OWN, _LIKE_ABOVE, _LIKE_BELOW = 0, -1, 1


@dataclass(frozen=True)
class Recovered:
    """Text that parses; for each blank that was replaced the line where it began, and its problem.

    A problem's line is that of the text, or of the blank where the parser stumbles elsewhere.
    """

    source: str
    lines: dict[int, int]
    problems: dict[int, SyntaxProblem]


_Place = tuple[int, int]


def recover(source: str, blanks: Sequence[Blank], problem: SyntaxProblem) -> Recovered | None:
    """Replace as few blanks as make ``source`` parse; ``None`` when no choice of them does.

    ``problem`` is what the parser stumbled over first: a blank there is the first to be tried. Of a
    merge's conflict the upper side is read, and the blanks in it are replaced.
    """
    if len(source) > _LONGEST:
        return None
    lines = source.split("\n")
    conflicts = merge_marks(lines)
    if conflicts:
        return _without_conflicts(lines, conflicts, blanks, problem)
    places = {blank.number: found for blank in blanks if (found := _places(lines, blank))}
    neutral = {blank.number: blank.neutral for blank in blanks}

    def distance(number: int) -> tuple[bool, int]:
        near = any(first <= problem.line <= last for first, last in places[number])
        return not near, number

    for chosen in _choices(source, places, sorted(places, key=distance)):
        for margins in (_OWN, _LIKE_ABOVE, _LIKE_BELOW):
            text = _replaced(source, chosen, neutral, margins)
            if isinstance(parse(text), ast.Module):
                starts = {number: first for number, (first, _) in sorted(chosen.items())}
                problems = {
                    n: _problem_of(n, source, chosen, neutral, margins) or problem for n in starts
                }
                return Recovered(text, starts, problems)
    return None


def _choices(
    source: str, places: dict[int, list[_Place]], order: Sequence[int]
) -> Iterator[dict[int, _Place]]:
    """Yield blanks to replace with their places, few blanks first, up to a limit."""
    left = _MOST_TEXT // max(len(source), 1)
    for count in range(1, len(places) + 1):
        for numbers in combinations(order, count):
            for chosen in product(*(places[number] for number in numbers)):
                left -= 1
                if left < 0:
                    return
                yield dict(zip(numbers, chosen, strict=True))


def _without_conflicts(
    lines: list[str],
    conflicts: list[tuple[int, int, int]],
    blanks: Sequence[Blank],
    problem: SyntaxProblem,
) -> Recovered | None:
    kept = list(lines)
    for start, middle, end in conflicts:
        for number in (start, *range(middle, end + 1)):
            kept[number - 1] = ""
    text, starts, problems = "\n".join(kept), {}, {}
    for blank in blanks:
        for first, last in _places(kept, blank)[:1]:
            inside = [mark for mark, _, end in conflicts if mark <= last and first <= end]
            if inside:
                text = with_neutral(text, first, last, blank.neutral)
                starts[blank.number] = first
                problems[blank.number] = replace(problem, line=inside[0])
    # Marks around no blank leave the part as a whole unreadable.
    readable = starts and isinstance(parse(text), ast.Module)
    return Recovered(text, starts, problems) if readable else None


def _replaced(source: str, chosen: dict[int, _Place], neutral: dict[int, str], margins: int) -> str:
    # A line may have to be indented as the blank beside it, which is then replaced already.
    order = sorted(chosen.items(), key=lambda item: item[1], reverse=margins == _LIKE_BELOW)
    for number, (first, last) in order:
        source = with_neutral(source, first, last, neutral[number], margins)
    return source


def _problem_of(
    blank: int,
    source: str,
    chosen: dict[int, _Place],
    neutral: dict[int, str],
    margins: int,
) -> SyntaxProblem | None:
    """Return what the parser says of one of several blanks while the others are replaced."""
    others = {number: place for number, place in chosen.items() if number != blank}
    tree = parse(_replaced(source, others, neutral, margins)) if others else None
    if not isinstance(tree, SyntaxProblem):
        return None
    first = chosen[blank][0]
    line = source.split("\n")[first - 1]
    if tree.message == UNEXPECTED and tree.line > first and not indent(line):
        return at_the_margin(tree, first, line)
    return tree


def with_neutral(source: str, first: int, last: int, neutral: str, margins: int = _OWN) -> str:
    """Replace lines ``first`` to ``last`` by a blank's neutral statement; no line number changes.

    A neutral statement runs and answers nothing, such as ``pass``; the assignment states it. It is
    indented as the line that it replaces, or as the line of code above or below.
    """
    lines = source.split("\n")
    like = first
    if margins != _OWN:
        beyond = range(first - 1, 0, -1) if margins < 0 else range(last + 1, len(lines) + 1)
        like = next((n for n in beyond if is_code(lines[n - 1])), first)
    white = re.match(r"\s*", lines[like - 1])
    margin = white.group() if white else ""
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
