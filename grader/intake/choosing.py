"""Chooses which of a student's notebooks counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.classroom import Attempt, Unclear
from grader.intake.copies import copy_number, without_copy_words
from grader.intake.names import natural
from grader.intake.remarks import shortened
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.classroom import Student
    from grader.intake.model import Claim

_WORD = re.compile(r"[^\W\d_]{2,}")

Claimed = tuple["Student", "Sequence[Claim]"]


class Names:
    """The names of the class's notebooks: the homework usually has the most common name."""

    def __init__(self, claimed: Iterable[Claimed]) -> None:
        """Count the students who use each name and each word of a name."""
        self._names: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        for _, claims in claimed:
            names = {_plain_name(claim) for claim in claims}
            self._names.update(names)
            self._words.update({word for name in names for word in _WORD.findall(name)})

    def how_common(self, claim: Claim) -> tuple[int, int]:
        """Return how many students use a notebook's name, and one of its words."""
        name = _plain_name(claim)
        words = max((self._words[word] for word in _WORD.findall(name)), default=0)
        return self._names[name], words


def choose(
    student: Student, claims: Sequence[Claim], names: Names
) -> tuple[list[Attempt], list[Unclear]]:
    """Return a student's attempts, the last one counting, and the notebooks that are none.

    Notebooks at different PATHs are different attempts, as are those that the layout numbers; of
    other notebooks in one folder one is the homework.
    """
    by_tree: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_tree[claim.tree].append(claim)
    attempts: list[Claim] = []
    left: list[Claim] = []
    for side_by_side in by_tree.values():
        series = _series(side_by_side)
        best = max(series, key=lambda one: _likely(one[-1], names))
        attempts += best
        left += [claim for one in series if one is not best for claim in one]
    attempts = _in_order(attempts)
    total = len(attempts)
    return [
        Attempt(
            student,
            claim.item.path,
            claim.item.member,
            claim.item.origin,
            number,
            total,
            claim.owner.late,
            claim.team,
        )
        for number, claim in enumerate(attempts, start=1)
    ], _leftovers(student, left, attempts[-1])


def _series(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Group the notebooks that are attempts of the same series, each series in order."""
    series: defaultdict[tuple[str, str | int], list[Claim]] = defaultdict(list)
    for claim in claims:
        # A deeper notebook in the same zip is no further attempt.
        place = len(claim.item.parts) if claim.owner.attempt else claim.item.origin
        series[claim.owner.own, place].append(claim)
    return [_in_order(one) for one in series.values()]


def _in_order(claims: Sequence[Claim]) -> list[Claim]:
    """Return attempts in order, by the layout's numbers or by time."""
    numbered = all(claim.owner.attempt for claim in claims)
    return sorted(
        claims,
        key=lambda claim: (
            claim.owner.attempt if numbered else (),
            claim.item.time or 0,
            claim.tree,
            natural(claim.item.origin),
        ),
    )


def _likely(claim: Claim, names: Names) -> tuple[object, ...]:
    """Return a sort key that puts the notebook most likely to be the homework last."""
    return (
        *names.how_common(claim),
        claim.owner.attempt,
        -len(claim.item.parts),
        claim.item.time or 0,
        copy_number(claim.owner.own),
        claim.item.size,
        natural(claim.item.origin),
    )


def _plain_name(claim: Claim) -> str:
    return without_copy_words(claim.owner.own).casefold()


def _leftovers(student: Student, left: Sequence[Claim], counts: Claim) -> list[Unclear]:
    who, what = printable(student.id, 60), printable(counts.item.origin, 120)
    remarks = [
        Unclear(claim.item.origin, f"a further notebook of {who}; {what} counts")
        for claim in sorted(left, key=lambda claim: natural(claim.item.origin))
    ]
    return shortened(remarks)
