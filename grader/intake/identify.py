"""Finds the owner of each notebook by the layouts of the trees."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.intake.archives import has_archive_name
from grader.intake.layouts import owners, recognise
from grader.intake.model import Claim
from grader.intake.names import is_zip
from grader.intake.remarks import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.intake.model import Item, Layout, Tree

_NO_LAYOUT = "named unlike the rest; graded under the name of the file"
_NO_NOTEBOOK = "handed in, but not as a notebook (.ipynb)"
_ARCHIVE = "an archive in a folder is looked into only if it is a zip; name this one by itself"
_WITHOUT = "an archive in which no notebook was found"
_EMPTY = "there are no notebooks in it"


def identify(found: Iterable[Tree]) -> tuple[list[Claim], str, list[Unclear]]:
    """Return all notebooks with their owners, the layouts in words, and what is unclear.

    Raises ``GraderError`` if a layout is clear, but not which part of it is to be graded.
    """
    trees = _without_repeats(found)
    layouts = [recognise(tree) for tree in trees]
    claims: list[Claim] = []
    rest: list[list[Item]] = []
    titles: list[str] = []
    unclear = [remark for tree in trees for remark in tree.unclear]
    for number, (tree, layout) in enumerate(zip(trees, layouts, strict=True)):
        owned = [(item, layout.whose(item) if layout else None) for item in tree.notebooks]
        claims += [Claim(item, owner, number) for item, owner in owned if owner is not None]
        rest.append([item for item, owner in owned if owner is None])
        if not tree.notebooks:
            unclear.append(Unclear(tree.shown, _EMPTY))
    for number, (plain, title) in enumerate(owners(rest)):
        layout = layouts[number]
        claims += [
            Claim(item, owner, number, plain=True)
            for item, owner in zip(rest[number], plain, strict=True)
        ]
        if layout is not None:
            unclear += [Unclear(item.origin, _NO_LAYOUT, who=True) for item in rest[number]]
        if rest[number] or layout is not None:
            titles.append(layout.title if layout is not None else title)
    told = {remark.origin for remark in unclear}
    others = _other_files(trees, layouts, claims)
    unclear += shortened(remark for remark in others if remark.origin not in told)
    return claims, ", ".join(dict.fromkeys(titles)), unclear


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
    trees: Sequence[Tree], layouts: Sequence[Layout | None], claims: Iterable[Claim]
) -> Iterable[Unclear]:
    """Return remarks on students without a notebook, and on archives that were not read."""
    known = {claim.owner.id for claim in claims}
    for tree, layout in zip(trees, layouts, strict=True):
        for item in tree.others:
            owner = layout.whose(item) if layout is not None else None
            if owner is not None and owner.id not in known:
                known.add(owner.id)
                yield Unclear(item.origin, _NO_NOTEBOOK)
            elif layout is None and has_archive_name(item.name):
                yield Unclear(item.origin, _WITHOUT if is_zip(item.name) else _ARCHIVE)
