"""The layout without a system: the name of the file or folder is the student.

With a roster that is the outermost level at which most names are students of it. Else a folder is a
student if most of the folders hold one notebook, or notebooks of the same names; otherwise each
notebook is a student. Equal names get their folder's name in front.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import NAMED, Levels
from grader.intake.model import Owner, Parts
from grader.intake.names import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from grader.intake.model import Item

    Knows = Callable[[str], Collection[str]]

FILES = "notebooks"
FOLDERS = "one folder a student"

# What systems and students call folders within a student's.
_WITHIN = re.compile(
    r"(?i)versions? ?\d+|v\d+|\d+_(?:task|submissions?|corrections?|revisions)(?:_\d+)?|"
    r"submission_\d+|submission attachment\(s\)|submitted files|main|master|src|code|notebooks?|"
    r"files?|attempt[ _-]?\d+|제출물?|새 폴더|new folder"
)

# The names that form an id, and the names above them, for ids that clash.
_Label = tuple[Parts, Parts]


def owners(
    groups: Sequence[Sequence[Item]], knows: Knows | None = None
) -> list[tuple[list[Owner], str]]:
    """Return for every tree the owners of its notebooks and the layout in words.

    It takes all trees at once, since no two students may get the same id. ``knows`` returns the
    ids of the roster's students whom a name may mean.
    """
    labelled = [_labels(group, knows) for group in groups]
    ids = _unique([label for labels, _ in labelled for label in labels])
    return [
        (
            [
                Owner(ids[label], own=stem(item.name))
                for item, label in zip(group, labels, strict=True)
            ],
            title,
        )
        for group, (labels, title) in zip(groups, labelled, strict=True)
    ]


def _labels(items: Sequence[Item], knows: Knows | None) -> tuple[list[_Label], str]:
    depth = _known_depth(items, knows) if knows is not None else None
    if depth is not None:
        below = sum(len(item.parts) > depth + 1 for item in items)
        return [_at(item, depth) for item in items], FOLDERS if 2 * below > len(items) else FILES
    folders = _students_folders(items)
    if folders is None:
        shared = _shared([item.parts[:-1] for item in items])
        return [
            ((*item.parts[shared:-1], stem(item.name)), (*item.above, *item.parts[:shared]))
            for item in items
        ], FILES
    # kim/hw1 and lee/hw1: an ending that all of them share says nothing.
    ends = [folder[::-1] for folder in set(folders)]
    cut = min(_shared(ends), min(map(len, ends)) - 1) if len(ends) > 1 else 0
    short = [folder[: len(folder) - cut] for folder in folders]
    return [
        (folder[-1:], (*item.above, *folder[:-1]))
        for item, folder in zip(items, short, strict=True)
    ], FOLDERS


def _known_depth(items: Sequence[Item], knows: Knows) -> int | None:
    """Return the outermost depth at which most names mean one student of the roster each."""

    def fits(name: str) -> bool:
        return len(knows(stem(name))) == 1

    levels = Levels(items)
    named = levels.paths(NAMED)
    found = levels.outermost(fits, NAMED if len(named) > 1 else 0)
    # One folder that was named, and nothing in it that means anybody, may be one student's.
    return NAMED if found is None and len(named) == 1 and fits(named[0][-1]) else found


def _at(item: Item, depth: int) -> _Label:
    """Return the label of the name at a depth, or of the file if it lies above that."""
    if depth == NAMED:
        return item.above[-1:], item.above[:-1]
    if depth < len(item.parts) - 1:
        return item.parts[depth : depth + 1], (*item.above, *item.parts[:depth])
    return (stem(item.name),), (*item.above, *item.parts[:-1])


def _students_folders(items: Sequence[Item]) -> list[Parts] | None:
    """Return the student's folder of each notebook, or None if folders are not students."""
    folders = [_without_inner(item.parts[:-1]) for item in items]
    if len(set(folders)) == 1:
        folders = [item.parts[:-1] for item in items]
    holding = set(folders)
    shared = _shared([folder[:-1] for folder in holding])
    if any(len(folder) <= shared for folder in holding):
        return None
    outer = [folder[: shared + 1] for folder in folders]
    if _mostly_single(outer):
        return outer
    # Files below a notebook's folder belong to the same student.
    tops = {
        folder: next(folder[:n] for n in range(1, len(folder) + 1) if folder[:n] in holding)
        for folder in holding
    }
    inner = [tops[folder] for folder in folders]
    repeated = 2 * len({item.name for item in items}) <= len(items) and len(set(inner)) > 1
    return inner if repeated or _mostly_single(inner) else None


def _without_inner(folder: Parts) -> Parts:
    """Return a folder without the folders within it that name nobody."""
    while len(folder) > 1 and _WITHIN.fullmatch(folder[-1]):
        folder = folder[:-1]
    return folder


def _mostly_single(folders: Sequence[Parts]) -> bool:
    counts = Counter(folders)
    return 2 * sum(count == 1 for count in counts.values()) > len(counts)


def _shared(paths: Sequence[Parts]) -> int:
    """Return the number of leading names that all paths share."""
    count = 0
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        count += 1
    return count


def _unique(labels: Sequence[_Label]) -> dict[_Label, str]:
    """Return the shortest unique id for each label."""
    wanted = {(*above, *within): len(within) for within, above in labels}
    while True:
        paths = defaultdict(list)
        for path, length in wanted.items():
            paths["/".join(path[-length:])].append(path)
        longer = [
            path
            for clashing in paths.values()
            for path in clashing
            if len(clashing) > 1 and wanted[path] < len(path)
        ]
        if not longer:
            break
        for path in longer:
            wanted[path] += 1
    whole = {(within, above): (*above, *within) for within, above in labels}
    return {label: "/".join(path[-wanted[path] :]) for label, path in whole.items()}
