"""Recovers a part with a syntax error in a blank: that blank is replaced, the rest parses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

from grader.locate.block_texts import is_empty_place
from grader.locate.places import beside, tries
from grader.locate.texts import UNEXPECTED, SyntaxProblem, at_the_margin, merge_marks, parse
from grader.notebook.scan import indent, is_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment.model import Blank
    from grader.locate.outlines import Outline
    from grader.locate.places import Place

# Characters of a text that is tried, and that are parsed in all: students' parts are so short that
# hundreds of attempts fit.
_LONGEST = 50_000
_MOST_TEXT = 600_000
# Which line's indentation a neutral statement gets.
_OWN, _LIKE_ABOVE, _LIKE_BELOW = 0, -1, 1


@dataclass(frozen=True)
class Recovered:
    """Text that parses; for each blank that was replaced the line where it began, and its problem.

    A problem's line is that of the text, or of the blank where the parser stumbles elsewhere. In
    the ``empty`` blocks stood only comments.
    """

    source: str
    lines: dict[int, int]
    problems: dict[int, SyntaxProblem]
    empty: frozenset[int] = frozenset()


def recover(
    source: str,
    blanks: Sequence[Blank],
    problem: SyntaxProblem,
    blocks: Mapping[int, Outline] | None = None,
) -> Recovered | None:
    """Replace as few blanks as make ``source`` parse; ``None`` when no choice of them does.

    ``problem`` is what the parser stumbled over first: a blank there is the first to be tried. Of a
    merge's conflict the upper side is read, and the blanks in it are replaced. ``blocks`` are the
    outlines of the blanks that are blocks; an empty one is no problem, and replaced first.
    """
    if len(source) > _LONGEST:
        return None
    lines = source.split("\n")
    conflicts = merge_marks(lines)
    if conflicts:
        return _without_conflicts(lines, conflicts, blanks, problem, blocks or {})
    places, neutral = tries(lines, blanks, blocks or {})
    empty = frozenset(
        n
        for n, (place, *_) in places.items()
        if n in (blocks or {}) and is_empty_place(lines, place)
    )
    for number in empty:
        source = with_neutral(source, *places.pop(number)[0], neutral[number])
    if empty and isinstance(parse(source), ast.Module):
        return Recovered(source, {}, {}, empty)

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
                problems |= _within(problems, chosen, blocks or {})
                also = beside(chosen, blanks, places)
                starts |= {n: starts[one] for n, one in also.items()}
                problems |= {n: problems[one] for n, one in also.items()}
                return Recovered(text, starts, problems, empty)
    return None


def _within(
    problems: Mapping[int, SyntaxProblem],
    chosen: Mapping[int, Place],
    blocks: Mapping[int, Outline],
) -> dict[int, SyntaxProblem]:
    """Return the problems of blocks at their first lines, where the parser stumbles elsewhere."""
    return {
        n: replace(what, line=chosen[n][0], column=0, end_column=1)
        for n, what in problems.items()
        if n in blocks and not chosen[n][0] <= what.line <= chosen[n][1]
    }


def _choices(
    source: str, places: dict[int, list[Place]], order: Sequence[int]
) -> Iterator[dict[int, Place]]:
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
    blocks: Mapping[int, Outline],
) -> Recovered | None:
    kept = list(lines)
    for start, middle, end in conflicts:
        for number in (start, *range(middle, end + 1)):
            kept[number - 1] = ""
    text, starts, problems = "\n".join(kept), {}, {}
    places, neutral = tries(kept, blanks, blocks)
    for blank in blanks:
        for first, last in places.get(blank.number, [])[:1]:
            inside = [mark for mark, _, end in conflicts if mark <= last and first <= end]
            if inside:
                text = with_neutral(text, first, last, neutral[blank.number])
                starts[blank.number] = first
                problems[blank.number] = replace(problem, line=inside[0])
    # Marks around no blank leave the part as a whole unreadable.
    readable = starts and isinstance(parse(text), ast.Module)
    return Recovered(text, starts, problems) if readable else None


def _replaced(source: str, chosen: dict[int, Place], neutral: dict[int, str], margins: int) -> str:
    # A line may have to be indented as the blank beside it, which is then replaced already.
    order = sorted(chosen.items(), key=lambda item: item[1], reverse=margins == _LIKE_BELOW)
    for number, (first, last) in order:
        source = with_neutral(source, first, last, neutral[number], margins)
    return source


def _problem_of(
    blank: int,
    source: str,
    chosen: dict[int, Place],
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
