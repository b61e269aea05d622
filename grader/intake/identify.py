"""Finds the owner of each notebook by the layouts of the trees."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.intake.archives import has_archive_name
from grader.intake.layouts import owners, recognise
from grader.intake.model import Claim
from grader.intake.names import is_zip
from grader.intake.remarks import shortened
from grader.intake.texts import text_claims, with_texts_alone
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from grader.intake.model import Item, Layout, Tree

    Knows = Callable[[str], Collection[str]]
    Holds = Callable[[Item], bool]

_NO_LAYOUT = "named unlike the rest; graded under the name of the file"
_NO_NOTEBOOK = "handed in, but not as a notebook (.ipynb)"
_ARCHIVE = "an archive in a folder is looked into only if it is a zip; name this one by itself"
_WITHOUT = "an archive in which no notebook was found"
_EMPTY = "there are no notebooks in it"


def _holds_nothing(_item: Item) -> bool:
    return False


def identify(
    found: Iterable[Tree], knows: Knows | None = None, holds: Holds = _holds_nothing
) -> tuple[list[Claim], str, list[Unclear]]:
    """Return all notebooks with their owners, the layouts in words, and what is unclear.

    ``knows`` returns the ids of the roster's students whom a name may mean, and ``holds`` says
    whether a text holds parts of the assignment, so that it may be a hand-in. Raises
    ``GraderError`` if a layout is clear, but not which part of it is to be graded.
    """
    trees = [with_texts_alone(tree, holds) for tree in _without_repeats(found)]
    layouts = [recognise(tree) for tree in trees]
    claims: list[Claim] = []
    rest: list[list[Item]] = []
    titles: list[str] = []
    unclear = [remark for tree in trees for remark in tree.unclear]
    for number, (tree, layout) in enumerate(zip(trees, layouts, strict=True)):
        handed_in, remarks = _without_others(tree, layout)
        unclear += remarks
        owned = [(item, layout.whose(item) if layout else None) for item in handed_in]
        claims += [Claim(item, owner, number) for item, owner in owned if owner is not None]
        rest.append([item for item, owner in owned if owner is None])
        if not tree.notebooks:
            unclear.append(Unclear(tree.shown, _EMPTY))
    for number, (plain, title) in enumerate(owners(rest, knows)):
        layout = layouts[number]
        claims += [
            Claim(item, owner, number, plain=True, unsure=layout is not None)
            for item, owner in zip(rest[number], plain, strict=True)
        ]
        if layout is not None:
            unclear += [Unclear(item.origin, _NO_LAYOUT, who=True) for item in rest[number]]
        if rest[number] or layout is not None:
            titles.append(layout.title if layout is not None else title)
    texts, nobodys = text_claims(trees, layouts, rest, holds, knows)
    claims += texts
    unclear += nobodys
    told = {remark.origin for remark in unclear}
    others = list(_other_files(trees, layouts, claims, knows))
    whose = {remark.origin: who for remark, who in others if who}
    unclear += [
        replace(remark, reason=f"{remark.reason}: {whose[remark.origin]}")
        if remark.reason == _NO_NOTEBOOK and remark.origin in whose
        else remark
        for remark in shortened(one for one, _ in others if one.origin not in told)
    ]
    return claims, ", ".join(dict.fromkeys(titles)), unclear


def _without_others(tree: Tree, layout: Layout | None) -> tuple[list[Item], list[Unclear]]:
    """Return the notebooks that students handed in, and a remark for each kind of the others."""
    if layout is None:
        return list(tree.notebooks), []
    kinds: defaultdict[str, list[Item]] = defaultdict(list)
    for item in tree.notebooks:
        kinds[layout.why_not(item)].append(item)
    return kinds.pop("", []), [
        Unclear(
            items[0].origin,
            reason if len(items) == 1 else f"{reason} (and {len(items) - 1:,} more like it)",
        )
        for reason, items in kinds.items()
    ]


def _without_repeats(trees: Iterable[Tree]) -> list[Tree]:
    """Return the trees with each file only in the first tree that holds it."""
    seen: set[tuple[str, str | None]] = set()
    kept = []
    for tree in trees:
        items = {(os.path.realpath(item.path), item.member): item for item in tree.notebooks}
        kept.append(
            replace(tree, notebooks=tuple(i for key, i in items.items() if key not in seen))
        )
        seen |= items.keys()
    return kept


def _other_files(
    trees: Sequence[Tree],
    layouts: Sequence[Layout | None],
    claims: Iterable[Claim],
    knows: Knows | None,
) -> Iterable[tuple[Unclear, str]]:
    """Return remarks on students without a notebook, with their names, and on unread archives."""
    known = {claim.owner.id for claim in claims}
    plain = {claim.owner.id.rpartition("/")[2] for claim in claims if claim.plain}
    matched = {id_ for name in plain for id_ in knows(name)} if knows is not None else set()
    for tree, layout in zip(trees, layouts, strict=True):
        for item in tree.others:
            if layout is None:
                who = _of_the_roster(item, knows) if knows is not None else ""
                if who and who not in matched:
                    matched.add(who)
                    yield Unclear(item.origin, _NO_NOTEBOOK), printable(who, 60)
                elif has_archive_name(item.name):
                    yield Unclear(item.origin, _WITHOUT if is_zip(item.name) else _ARCHIVE), ""
                continue
            owner = layout.whose(item)
            if owner is None or layout.why_not(item):
                continue
            if owner.id not in known:
                known.add(owner.id)
                yield Unclear(item.origin, _NO_NOTEBOOK), printable(owner.name or owner.id, 60)
            elif is_zip(item.name):
                yield Unclear(item.origin, _WITHOUT), ""


def _of_the_roster(item: Item, knows: Knows) -> str:
    """Return the roster's student whom the outermost telling name of a path means, if any."""
    for name in item.parts:
        people = knows(name)
        if len(people) == 1:
            return next(iter(people))
    return ""
