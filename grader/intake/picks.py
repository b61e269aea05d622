"""What was chosen among a student's notebooks, and the words for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.classroom import Choice
from grader.intake.names import natural
from grader.intake.versions import folders_below
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.classroom import Student
    from grader.intake.model import Claim

_NAMED = 3  # notebooks in one reason


@dataclass(frozen=True)
class Best:
    """The best of some notebooks, and the others, each with the words why it is left out."""

    claim: Claim
    left: tuple[tuple[Claim, str], ...] = ()


@dataclass(frozen=True)
class Last:
    """The attempt that counts, those before it, and later ones that do not count, with the why."""

    best: Best
    before: tuple[Claim, ...]
    after: tuple[tuple[Claim, str], ...]
    by: str  # what orders them, in words
    numbered: bool  # by the layout


def choices(
    student: Student,
    nodes: Sequence[Sequence[Claim]],
    last: Last,
    besides: Sequence[tuple[Claim, str]],
) -> Iterable[Choice]:
    """Return what was chosen: among attempts, and among notebooks side by side."""
    counts = last.best.claim
    everyone = [claim for node in nodes for claim in node] + [c for c, _ in besides]
    within = {c: folders + c.item.name for c, folders in folders_below(everyone).items()}
    beside = [*last.best.left, *besides]
    if beside:
        yield _choice(student, counts, [c for c, _ in beside], _reasons(beside, within), False)
    rest = [c for node in nodes if counts not in node for c in node]
    if not rest:
        return
    if last.after:
        why = f"the last one of {len(nodes)} that is filled in: {_reasons(last.after, within)}"
    else:
        why = f"the last of {len(nodes)} attempts, {last.by}"
    ordinary = last.numbered and not last.after
    yield _choice(student, counts, rest, why, ordinary)


def _choice(
    student: Student, counts: Claim, left: Sequence[Claim], why: str, ordinary: bool
) -> Choice:
    origins = sorted((claim.item.origin for claim in left), key=natural)
    return Choice(student, counts.item.origin, tuple(origins), why, ordinary)


def _reasons(left: Iterable[tuple[Claim, str]], within: dict[Claim, str]) -> str:
    """Return the reasons in words, each once with the names that it is about."""
    by_words: defaultdict[str, list[str]] = defaultdict(list)
    for claim, words in left:
        by_words[words].append(within[claim])
    told = []
    for words, names in by_words.items():
        shown = [printable(name, 60) for name in sorted(names, key=natural)[:_NAMED]]
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        told.append(words.replace("{}", ", ".join(shown) + more))
    return "; ".join(told)
