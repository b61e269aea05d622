"""Settles what a class's notebooks are looked at for its assignment: each hand-in has one vote."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from grader.intake.archives.kinds import has_archive_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.classroom import Attempt

_Item = TypeVar("_Item")
# How many notebooks are looked at, spread over the class: a few strays can't outnumber the rest.
_MOST = 20


def voters(attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """Return the notebooks to look at, by hand-in, spread over the class.

    An archive within a download is one student's, however many notebooks it holds.
    """
    several = len({attempt.path for attempt in attempts}) > 1
    hand_ins: defaultdict[tuple[str, str], list[Attempt]] = defaultdict(list)
    shared = _shared(attempt.member or "" for attempt in attempts)
    for attempt in attempts:
        whole = several and attempt.member is not None
        inside = "" if whole else _hand_in(attempt.member or "", shared)
        hand_ins[str(attempt.path), inside].append(attempt)
    chosen = _spread(list(hand_ins.values()), _MOST)
    return [_spread(notebooks, max(1, _MOST // len(chosen))) for notebooks in chosen]


def _spread(items: list[_Item], most: int) -> list[_Item]:
    return items[:: max(1, -(-len(items) // most))]


def _shared(members: Iterable[str]) -> int:
    """Return how many folders and archives all members lie in."""
    ways = [member.split("/")[:-1] for member in members]
    shared = 0
    for parts in zip(*ways, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return shared


def _hand_in(member: str, shared: int) -> str:
    """Return the outermost archive below the ``shared`` ones that a member lies in, or itself."""
    parts = member.split("/")
    for depth in range(shared, len(parts) - 1):
        if has_archive_name(parts[depth]):
            return "/".join(parts[: depth + 1])
    return member
