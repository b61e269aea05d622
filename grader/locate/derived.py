"""Follows names through assignments: ``bar = tqdm(train_iter)`` makes one of the other."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A loop in each of a notebook's functions asks for names of its own; most ask for the same.
_MOST_KEPT = 64


class DerivedNames:
    """What is made of what, by the assignments of a notebook in their order."""

    def __init__(self, assignments: Sequence[tuple[frozenset[str], frozenset[str]]]) -> None:
        """Take what each assignment binds, and the names among its arguments."""
        self._bound = [bound for bound, _ in assignments]
        self._uses: dict[str, list[int]] = {}
        for number, (_, arguments) in enumerate(assignments):
            for name in arguments:
                self._uses.setdefault(name, []).append(number)
        self._kept: dict[frozenset[str], frozenset[str]] = {}

    def of(self, names: frozenset[str]) -> frozenset[str]:
        """Return the names given to something made of ``names``, or of what is made of them."""
        if names not in self._kept:
            found = self._following(names)
            if len(self._kept) >= _MOST_KEPT:
                return found
            self._kept[names] = found
        return self._kept[names]

    def _following(self, names: frozenset[str]) -> frozenset[str]:
        known, made = set(names), set[str]()
        waiting = [number for name in names for number in self._uses.get(name, ())]
        heapq.heapify(waiting)
        while waiting:
            number = heapq.heappop(waiting)
            made |= self._bound[number]
            for name in self._bound[number] - known:
                known.add(name)
                # What stands above was assigned before there was anything to make it of.
                for later in self._uses.get(name, ()):
                    if later > number:
                        heapq.heappush(waiting, later)
        return frozenset(made)
