"""What speaks for one of several notebooks that a student handed in side by side.

The student must get the notebook that they meant. So content decides before names, names before
the times of files, and size only where nothing else differs. A copy counts for its original only
where the original is worth less, or where the copy is filled in further and was saved later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from grader.intake.contents import Worth
from grader.intake.copies import copy_number
from grader.intake.names import NaturalKey, natural
from grader.intake.usual import plain_name
from grader.intake.versions import folders_below, hints, numbers_in, saved
from grader.notebook.text import is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.intake.contents import Content
    from grader.intake.model import Claim
    from grader.intake.usual import Names


@dataclass(frozen=True, order=True)
class Merits:
    """The merits of a notebook, in the order in which they decide; more is better."""

    worth: Worth
    notebook: bool  # and not what was saved from one as text
    stands: bool  # it is no copy of another one, or one with a reason to count
    current: bool  # it is not named as an old version
    numbers: tuple[int, ...]  # in its name, where the names differ in nothing else: attempts
    filled: int
    final: bool  # it is named as the last version, and was saved last
    usual: int  # how many students use its name
    version: tuple[bool, int]  # that its name tells
    words: int  # how many students use a word of its name
    above: int  # minus the folders that it lies in
    saved: int
    copy: int
    size: int
    name: NaturalKey


# Why a notebook is left out that falls behind in a merit; "{}" stands for the names of such.
WORDS = {
    "notebook": "the notebook itself counts, and not what was saved as text: {}",
    "stands": "only a copy: {}",
    "current": "named as an old version: {}",
    "filled": "more is filled in than in {}",
    "final": "named as the last version, and saved after {}",
    "usual": "named like most of the class, unlike {}",
    "version": "named as a later version than {}",
    "numbers": "a higher number in its name than {}",
    "words": "named more like the class's notebooks than {}",
    "above": "not in a further folder, as is {}",
    "saved": "saved after {}",
    "copy": "a later copy than {}",
    "size": "nothing tells which one was meant, but it is larger than {}",
    "name": "nothing tells which one was meant, but by name it comes after {}",
}
WORTH = {
    Worth.NOT_OPENED: "too many to open them all, and named less like the class's: {}",
    Worth.OTHER: "of another assignment: {}",
    Worth.NO_PART: "no part of the assignment is in {}",
    Worth.UNREADABLE: "cannot be read: {}",
    Worth.BLANK: "nothing is filled in in {}",
}
SAME = "the same file once more: {}"
OVERTAKEN = "a copy of it is filled in further and was saved later: {}"


def merits(
    claims: Sequence[Claim],
    worth: Callable[[Claim], Worth],
    content: Callable[[Claim], Content | None],
    names: Names,
) -> dict[Claim, Merits]:
    """Return the merits of notebooks that lie side by side."""
    within = {claim: f + claim.owner.own for claim, f in folders_below(claims).items()}
    times = saved(claims)
    numbers = numbers_in(within) if not any(map(is_copy, claims)) else dict.fromkeys(claims, ())
    latest = max(times.values())
    alone = list(times.values()).count(latest) == 1
    worths = {claim: worth(claim) for claim in claims}
    looked = {c: content(c) if worths[c] > Worth.NOT_OPENED else None for c in claims}
    filled = {claim: each.filled if each else 0 for claim, each in looked.items()}
    fallen = _fallen(claims, worths, filled, times)
    found = {}
    for claim in claims:
        said = hints(within[claim])
        found[claim] = Merits(
            worth=worths[claim],
            notebook=not is_text(claim.item.name),
            stands=claim not in fallen,
            current=not said.old,
            numbers=numbers[claim],
            filled=filled[claim],
            final=said.final and alone and times[claim] == latest,
            usual=names.alike(claim),
            version=(said.final, said.number),
            words=names.alike_in_a_word(claim),
            above=-len(claim.item.parts),
            saved=times[claim],
            copy=copy_number(claim.owner.own),
            size=claim.item.size,
            name=natural(claim.item.origin),
        )
    return found


def why_left(mine: Merits, best: Merits, *, copy: bool, same: bool) -> str:
    """Return the words for the first merit in which a notebook falls behind the best one."""
    if same:
        return SAME
    if mine.worth < best.worth:
        return WORTH[mine.worth]
    behind = next(f.name for f in fields(Merits) if getattr(mine, f.name) != getattr(best, f.name))
    return OVERTAKEN if behind == "stands" and not copy else WORDS[behind]


def _fallen(
    claims: Sequence[Claim],
    worths: dict[Claim, Worth],
    filled: dict[Claim, int],
    times: dict[Claim, int],
) -> set[Claim]:
    """Return the copies that their original stands above, and the originals of other copies."""
    families: defaultdict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        families[claim.item.parts[:-1], plain_name(claim), worths[claim]].append(claim)
    fallen: set[Claim] = set()
    for family in families.values():
        originals = [claim for claim in family if not is_copy(claim)]
        for original in originals[:1]:
            better = {
                c for c in family if filled[c] > filled[original] and times[c] > times[original]
            }
            copies = {c for c in family if c not in originals}
            fallen |= {original} | (copies - better) if better & copies else copies
    return fallen


def is_copy(claim: Claim) -> bool:
    """Whether a notebook's name is that of a copy."""
    return copy_number(claim.owner.own) >= 0
