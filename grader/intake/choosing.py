"""Chooses which of a student's notebooks counts, and says why.

Notebooks at different PATHs are different attempts, as are those that the layout numbers or dates.
Of several attempts the last counts, unless only an earlier one is filled in. Of the other notebooks
of an attempt one is the homework.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.classroom import Attempt
from grader.intake import caps
from grader.intake.contents import Worth
from grader.intake.merits import WORTH, is_copy, merits, why_left
from grader.intake.names import natural
from grader.intake.picks import Best, Last, choices
from grader.intake.texts import is_export, notebooks_first
from grader.intake.usual import Names, plain_name
from grader.intake.versions import saved, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.classroom import Choice, Student
    from grader.intake.contents import Contents
    from grader.intake.model import Claim

_DATE = 3  # so many numbers are a date


@dataclass(frozen=True)
class Chosen:
    """A student's attempts that were found, the last one counting, and what was chosen among."""

    attempts: tuple[Attempt, ...]
    choices: tuple[Choice, ...]


class Chooser:
    """Chooses for one student after the other; it knows the class's names, times and contents."""

    def __init__(self, of_each: Sequence[Sequence[Claim]], contents: Contents) -> None:
        """Take the notebooks of every student."""
        of_each = notebooks_first(of_each)
        contents.settle(of_each)
        self._names = Names(of_each)
        self._contents = contents
        self._unpacked = unpacked(claim for claims in of_each for claim in claims)
        self._opened: set[Claim] = set()

    def choose(self, student: Student, claims: Sequence[Claim]) -> Chosen:
        """Return a student's attempts and the choices that were made."""
        self._opened = set()
        if len(claims) == 1:
            return Chosen((_attempt(student, claims[0], 1, 1),), ())
        by_tree: defaultdict[int, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_tree[claim.tree].append(claim)
        nodes: list[list[Claim]] = []
        besides: list[tuple[Claim, str]] = []
        for beside in by_tree.values():
            series = self._series(beside)
            if len(series) > 1:
                ends = [self._last(one).best.claim for one in series]
                best = self._best(ends)
                told = dict(best.left)
                for one, end in zip(series, ends, strict=True):
                    if end is best.claim:
                        nodes += one
                    else:
                        besides += [(claim, told[end]) for node in one for claim in node]
            else:
                nodes += series[0]
        last = self._last(nodes)
        total = len(last.before) + 1
        return Chosen(
            tuple(
                _attempt(student, claim, number, total, passed_over=bool(last.after))
                for number, claim in enumerate((*last.before, last.best.claim), start=1)
            ),
            tuple(choices(student, nodes, last, besides)),
        )

    def _series(self, claims: Iterable[Claim]) -> list[list[list[Claim]]]:
        """Return the series of attempts of one PATH, each attempt with its notebooks.

        There is one series, except where the layout counts files and not attempts: then those of
        the same name are one.
        """
        attempts: defaultdict[tuple[int, ...], list[Claim]] = defaultdict(list)
        for claim in claims:
            owner = claim.owner
            attempts[owner.attempt[:1] if owner.by_file else owner.attempt].append(claim)
        series: defaultdict[str, list[list[Claim]]] = defaultdict(list)
        for attempt in attempts.values():
            one = self._likely(attempt)[0]
            series[plain_name(one) if one.owner.by_file else ""].append(attempt)
        return list(series.values())

    def _last(self, nodes: Sequence[Sequence[Claim]]) -> Last:
        """Return which attempt counts: the last one that is filled in, else the last one."""
        ordered, by, numbered = self._in_order(nodes)
        if len(ordered) == 1:
            return Last(self._best(ordered[0]), (), (), by, numbered)
        passed: list[tuple[Best, Worth]] = []
        for place in range(len(ordered) - 1, -1, -1):
            best = self._best(ordered[place])
            worth = self._worth(best.claim)
            if worth is Worth.FILLED:
                break
            passed.append((best, worth))
        else:
            # Whoever hands in an empty or a broken notebook last may have meant it.
            meant = (n for n, (_, worth) in enumerate(passed) if worth >= Worth.UNREADABLE)
            back = next(meant, 0)
            best, place = passed[back][0], len(ordered) - 1 - back
            passed = passed[:back]
        before = [
            claim for node in ordered[:place] if self._is_attempt(claim := self._likely(node)[0])
        ]
        after = [(one.claim, WORTH[worth]) for one, worth in passed]
        return Last(best, tuple(before), tuple(after), by, numbered)

    def _in_order(
        self, nodes: Sequence[Sequence[Claim]]
    ) -> tuple[list[Sequence[Claim]], str, bool]:
        """Return attempts in order, what orders them, and whether that is the layout."""
        firsts = [self._likely(node)[0] for node in nodes]
        lengths = {len(claim.owner.attempt) for claim in firsts}
        alike = len(lengths) == 1 and 0 not in lengths
        times = saved(firsts)
        trees = {claim.tree for claim in firsts}
        if len(trees) > 1 and trees & self._unpacked:
            times = dict.fromkeys(firsts, 0)

        def key(place: int) -> tuple[object, ...]:
            first = firsts[place]
            number = first.owner.attempt if alike else ()
            return number, times[first], first.tree, natural(first.item.origin)

        ordered = [nodes[place] for place in sorted(range(len(nodes)), key=key)]
        numbered = alike and len({claim.owner.attempt for claim in firsts}) > 1
        if numbered:
            by = f"by the {'date' if min(lengths) >= _DATE else 'number'} in its name"
        elif len(set(times.values())) > 1:
            by = "by the times of the files"
        else:
            by = "at the PATH that was named last" if len(trees) > 1 else "by name"
        return ordered, by, numbered

    def _best(self, claims: Sequence[Claim]) -> Best:
        """Return the best of notebooks that lie side by side."""
        if len(claims) == 1:
            return Best(claims[0])
        likely = self._likely(claims)
        self._opened.update(likely[: max(0, caps.LOOKED_AT - len(self._opened))])
        found = merits(claims, self._worth, self._contents.of, self._names)
        best = max(claims, key=found.__getitem__)
        content = self._contents.of(best) if best in self._opened else None
        left = []
        for claim in claims:
            if claim is best:
                continue
            other = self._contents.of(claim) if claim in self._opened else None
            if content and other and is_export(claim, best) and other.filled <= content.filled:
                continue
            same = bool(content and other and content.sha256 == other.sha256 != "")
            words = why_left(found[claim], found[best], copy=is_copy(claim), same=same)
            left.append((claim, words))
        return Best(best, tuple(left))

    def _likely(self, claims: Sequence[Claim]) -> list[Claim]:
        """Return the notebooks by their names and times alone, the most likely one first."""
        if len(claims) == 1:
            return list(claims)
        found = merits(claims, lambda _: Worth.NOT_OPENED, lambda _: None, self._names)
        # Nothing says yet whether a copy stands behind its original.
        return sorted(claims, key=lambda claim: (found[claim].usual, found[claim]), reverse=True)

    def _worth(self, claim: Claim) -> Worth:
        if self._contents.blind:
            return Worth.FILLED
        if claim not in self._opened and len(self._opened) >= caps.LOOKED_AT:
            return Worth.NOT_OPENED
        self._opened.add(claim)
        return self._contents.worth(claim)

    def _is_attempt(self, claim: Claim) -> bool:
        """Whether an earlier notebook is an attempt at this, as far as it was looked at."""
        return claim not in self._opened or self._contents.worth(claim) >= Worth.UNREADABLE


def _attempt(
    student: Student, claim: Claim, number: int, total: int, *, passed_over: bool = False
) -> Attempt:
    item = claim.item
    return Attempt(
        student,
        item.path,
        item.member,
        item.origin,
        number,
        total,
        late=claim.owner.late,
        team=claim.team,
        unsure=claim.unsure,
        time=claim.owner.time,
        passed_over=passed_over,
    )
