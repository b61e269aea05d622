"""Finds the files at the PATHs of a command line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake.archives import archive_kind, archive_stem
from grader.intake.folders import items_within, walk
from grader.intake.model import Item, Parts, Tree
from grader.intake.names import clean, folders_to
from grader.quoting import file_name
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.intake.archives import Archives


def trees_at(
    paths: Sequence[str], archives: Archives
) -> tuple[list[Tree], list[tuple[str, GraderError]]]:
    """Return the trees of files at the paths, and the paths that have none, with reasons.

    Notebooks that were named one by one form one tree; so do clones of repositories, packed or not.
    """
    named: list[Item] = []
    trees: list[Tree] = []
    clones: defaultdict[Parts, list[Tree]] = defaultdict(list)
    failed: list[tuple[str, GraderError]] = []
    for path in paths:
        try:
            found = _look(path, archives)
        except GraderError as error:
            failed.append((clean(path), error))
            continue
        if isinstance(found, Item):
            named.append(found)
        elif found.notebooks and (() in found.clones or _is_packed_repository(found)):
            clones[found.notebooks[0].above[:-1]].append(found)
        else:
            trees.append(found)
    for siblings in clones.values():
        trees += [_below_their_parent(siblings)] if len(siblings) > 1 else siblings
    if named:
        trees.insert(0, Tree("", tuple(named)))
    return trees, failed


def _is_packed_repository(tree: Tree) -> bool:
    """Whether a zip holds one folder of its own name, as GitHub packs a repository."""
    return all(item.parts[0] == item.above[-1] for item in tree.notebooks if item.above)


def _look(path: str, archives: Archives) -> Item | Tree:
    place, shown = Path(path), clean(path)
    try:
        about = place.stat()
    except FileNotFoundError:
        raise GraderError(f"there is no {file_name(path, 120)}", "Check the path.") from None
    except (OSError, ValueError) as error:
        why = printable(getattr(error, "strerror", None) or str(error), 80)
        message = f"{file_name(path, 120)} cannot be read ({why})"
        raise GraderError(message, "Check the path.") from None
    if place.is_dir():
        return walk(place, shown, archives)
    *folders, name = folders_to(place)
    if place.is_file() and archive_kind(place):
        return items_within(place, archives, shown, (*folders, archive_stem(name)), ())
    return Item(place, None, shown, tuple(folders), (name,), about.st_size, about.st_mtime)


def _below_their_parent(trees: Sequence[Tree]) -> Tree:
    """Return clones that were named one by one as folders of one tree."""
    return Tree(
        "",
        tuple(_lower(item) for tree in trees for item in tree.notebooks),
        tuple(_lower(item) for tree in trees for item in tree.others),
        frozenset((*t.notebooks[0].above[-1:], *clone) for t in trees for clone in t.clones),
        tuple(remark for tree in trees for remark in tree.unclear),
    )


def _lower(item: Item) -> Item:
    return replace(item, above=item.above[:-1], parts=(*item.above[-1:], *item.parts))
