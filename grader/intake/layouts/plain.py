"""The layout without a system: the name of the file or folder is the student.

A folder is a student if most of the folders hold one notebook, or notebooks of the same names;
otherwise each notebook is a student. Equal names get their folder's name in front.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.intake.model import Owner, Parts
from grader.intake.names import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.intake.model import Item

FILES = "notebooks"
FOLDERS = "one folder a student"

# The names that form an id, and the names above them, for ids that clash.
_Label = tuple[Parts, Parts]


def owners(groups: Sequence[Sequence[Item]]) -> list[tuple[list[Owner], str]]:
    """Return for every tree the owners of its notebooks and the layout in words.

    It takes all trees at once, since no two students may get the same id.
    """
    labelled = [_labels(group) for group in groups]
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


def _labels(items: Sequence[Item]) -> tuple[list[_Label], str]:
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


def _students_folders(items: Sequence[Item]) -> list[Parts] | None:
    """Return the student's folder of each notebook, or None if folders are not students."""
    holding = {item.parts[:-1] for item in items}
    shared = _shared([folder[:-1] for folder in holding])
    if any(len(folder) <= shared for folder in holding):
        return None
    outer = [item.parts[: shared + 1] for item in items]
    if _mostly_single(outer):
        return outer
    # Files below a notebook's folder belong to the same student.
    tops = {
        folder: next(folder[:n] for n in range(1, len(folder) + 1) if folder[:n] in holding)
        for folder in holding
    }
    inner = [tops[item.parts[:-1]] for item in items]
    repeated = 2 * len({item.name for item in items}) <= len(items) and len(set(inner)) > 1
    return inner if repeated or _mostly_single(inner) else None


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
    return {
        (within, above): "/".join((*above, *within)[-wanted[(*above, *within)] :])
        for within, above in labels
    }
