"""Pairs of mistakes in one notebook: a sample with every mistake and every two blanks."""

from __future__ import annotations

import ast
import re
from itertools import combinations, zip_longest
from typing import TYPE_CHECKING

from grader.audit.cases import handed_in, parts_of, right_answers, touched
from grader.audit.model import Case, CaseKind
from grader.errors import AssignmentError
from grader.locate.statements import parse_cells

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment import Assignment, Mistake
    from grader.notebook.read import Notebook

_WORD = re.compile(r"\w+")
_Pair = tuple[int, int]


def pairs(assignment: Assignment, count: int, rng: random.Random) -> list[Case]:
    """Return about ``count`` notebooks with two listed mistakes each, in different blanks.

    Unless ``count`` is 0, there are always enough pairs for every two blanks with mistakes to meet
    once, and for every mistake that can be combined to be in one.
    """
    if count <= 0:
        return []
    mistakes = assignment.mistakes
    possible = _mixed(
        [
            pair
            for pair in combinations(range(len(mistakes)), 2)
            if _apart(mistakes[pair[0]], mistakes[pair[1]], assignment)
        ],
        assignment,
        rng,
    )
    cases: dict[_Pair, Case] = {}
    right = right_answers(assignment)
    # Building a pair shows whether it can be combined, so pairs are built as they are taken.
    for wanted in (_every_two_blanks, _every_mistake, _more):
        for pair in wanted(possible, mistakes, cases, count):
            case = _case(assignment, pair, right)
            if case is not None:
                cases[pair] = case
    return [cases[pair] for pair in sorted(cases)]


def _apart(one: Mistake, other: Mistake, assignment: Assignment) -> bool:
    """Whether two mistakes are in different blanks, or at least in different parts."""
    mine, others = touched(one), touched(other)
    if mine and others:
        return not mine & others
    return not parts_of(one, assignment) & parts_of(other, assignment)


def _mixed(possible: list[_Pair], assignment: Assignment, rng: random.Random) -> list[_Pair]:
    """Return pairs in random order, alternately within a part and across parts.

    Most pairs lie across parts, but one mistake may hide another within a part.
    """
    rng.shuffle(possible)
    parts = [parts_of(mistake, assignment) for mistake in assignment.mistakes]
    within = [pair for pair in possible if parts[pair[0]] & parts[pair[1]]]
    across = [pair for pair in possible if not parts[pair[0]] & parts[pair[1]]]
    turns = [pair for both in zip_longest(within, across) for pair in both]
    return [pair for pair in turns if pair is not None]


def _case(assignment: Assignment, pair: _Pair, right: Mapping[int, str]) -> Case | None:
    """Return a pair as a case, ``None`` if one mistake removes what the other needs."""
    both = (assignment.mistakes[pair[0]], assignment.mistakes[pair[1]])
    if any(_undone(one, other, assignment) for one, other in (both, both[::-1])):
        return None
    try:
        notebook = handed_in(assignment, (*both[0].edits, *both[1].edits))
    except AssignmentError:
        return None
    places = " and ".join(_where(mistake) for mistake in both)
    label = f"{both[0].label} & {both[1].label}"
    return Case(CaseKind.PAIR, label, places, notebook, both, right)


def _undone(one: Mistake, other: Mistake, assignment: Assignment) -> bool:
    """Whether a mistake removes a name that the other one's lines use."""
    removed = {
        word
        for edit in one.edits
        for word in set(_WORD.findall(edit.find or "")) - set(_WORD.findall(edit.text))
    }
    about = removed & {word for edit in other.edits for word in _WORD.findall(edit.text)}
    if not about:
        return False
    # Another line may still bind a name that one line no longer has.
    gone = _bound(handed_in(assignment)) - _bound(handed_in(assignment, one.edits))
    return bool(about & gone)


def _bound(notebook: Notebook) -> set[str]:
    """Return the names and attributes that a notebook's statements bind."""
    found: set[str] = set()
    for statement in parse_cells(notebook).statements:
        found |= statement.binds
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
    return found


def _where(mistake: Mistake) -> str:
    if mistake.blank is not None:
        return f"blank {mistake.blank}"
    blanks = ", ".join(str(number) for number in sorted(touched(mistake)))
    return f"blanks {blanks}" if blanks else "code around"


def _every_two_blanks(
    possible: Sequence[_Pair], mistakes: Sequence[Mistake], cases: dict[_Pair, Case], _count: int
) -> Iterator[_Pair]:
    """Yield pairs until every two blanks have met."""
    met: set[frozenset[int]] = set()
    for pair in possible:
        both = [mistakes[k].blank for k in pair]
        blanks = frozenset(number for number in both if number is not None)
        if len(blanks) == 2 and blanks not in met:
            yield pair
            if pair in cases:
                met.add(blanks)


def _every_mistake(
    possible: Sequence[_Pair], _mistakes: Sequence[Mistake], cases: dict[_Pair, Case], _count: int
) -> Iterator[_Pair]:
    """Yield pairs until every mistake is in one, first pairs of two new mistakes, then of one."""
    covered: set[int] = {k for taken in cases for k in taken}
    for new in (2, 1):
        for pair in possible:
            if len(set(pair) - covered) == new:
                yield pair
                if pair in cases:
                    covered.update(pair)


def _more(
    possible: Sequence[_Pair], _mistakes: Sequence[Mistake], cases: dict[_Pair, Case], count: int
) -> Iterator[_Pair]:
    """Yield further pairs until there are ``count``."""
    for pair in possible:
        if len(cases) >= count:
            return
        if pair not in cases:
            yield pair
