"""Finds the hand-ins among files that are no notebooks: notebooks saved as text.

A ``.py`` or ``.md`` file may be anything: a helper module, the task. It is a hand-in only where it
holds parts of the assignment, and what it is never changes whose any other file is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.intake import caps
from grader.intake.layouts import owners
from grader.intake.model import Claim
from grader.notebook.text import is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from grader.intake.model import Item, Layout, Owner, Tree

    Holds = Callable[[Item], bool]
    Knows = Callable[[str], Collection[str]]

_WHOSE = "a notebook that is saved as text, and it is not clear whose it is"


def with_texts_alone(tree: Tree, holds: Holds) -> Tree:
    """Return a tree without notebooks with the texts as such that hold parts of the assignment."""
    if tree.notebooks:
        return tree
    texts = tuple(item for item in tree.others if is_text(item.name) and holds(item))
    others = tuple(item for item in tree.others if item not in set(texts))
    return replace(tree, notebooks=texts, others=others) if texts else tree


def text_claims(
    trees: Sequence[Tree],
    layouts: Sequence[Layout | None],
    plain: Sequence[Sequence[Item]],
    holds: Holds,
    knows: Knows | None,
) -> tuple[list[Claim], list[Unclear]]:
    """Return the texts beside notebooks that are hand-ins too, and those that are nobody's.

    ``plain`` are the notebooks of each tree of which only names tell the owner.
    """
    claims: list[Claim] = []
    named: list[tuple[Item, int]] = []
    for number, (tree, layout) in enumerate(zip(trees, layouts, strict=True)):
        for item in tree.others:
            if not (tree.notebooks and is_text(item.name)):
                continue
            if layout is None:
                named.append((item, number))
                continue
            owner = None if layout.why_not(item) else layout.whose(item)
            if owner is not None and holds(item):
                claims.append(Claim(item, owner, number))
    found: defaultdict[str, list[tuple[Item, int, Owner, object]]] = defaultdict(list)
    unclear = []
    before = [labelled for labelled, _ in owners(plain, knows)] if named else []
    for item, number in [one for one in named if holds(one[0])]:
        owner = _owner(item, number, plain, before, knows) if len(found) < caps.TEXTS else None
        if owner is None:
            unclear.append(Unclear(item.origin, _WHOSE))
        else:
            found[owner.id].append((item, number, owner, item.parts[:-1]))
    taken = {owner.id for labelled in before for owner in labelled}
    for id_, ones in found.items():
        # Of one student not seen before: files that lie side by side.
        if id_ not in taken and len({folder for *_, folder in ones}) > 1:
            unclear += [Unclear(item.origin, _WHOSE) for item, *_ in ones]
            continue
        claims += [Claim(item, owner, number, plain=True) for item, number, owner, _ in ones]
    return claims, unclear


def _owner(
    item: Item,
    number: int,
    plain: Sequence[Sequence[Item]],
    before: Sequence[Sequence[Owner]],
    knows: Knows | None,
) -> Owner | None:
    """Return a text's owner as its name tells it, where the notebooks keep theirs."""
    joint = [[*items, item] if n == number else items for n, items in enumerate(plain)]
    after = [labelled for labelled, _ in owners(joint, knows)]
    mine = after[number].pop()
    return mine if after == list(map(list, before)) else None


def is_export(claim: Claim, best: Claim) -> bool:
    """Whether a file may have been saved from the notebook that counts."""
    return is_text(claim.item.name) and not is_text(best.item.name)


def notebooks_first(of_each: Iterable[Sequence[Claim]]) -> list[Sequence[Claim]]:
    """Return each student's notebooks, or what was saved from them where there are none."""
    return [[c for c in claims if not is_text(c.item.name)] or claims for claims in of_each]
