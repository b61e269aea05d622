"""Repositories from GitHub Classroom, Classroom 50 and GitHub itself: ``<assignment>-<login>``.

``gh classroom clone student-repos`` puts clones, each with its ``.git``, into
``<assignment>-submissions/``; ``gh teacher download`` of Classroom 50 calls the clones
``<classroom>-<assignment>-<login>`` and their folder
``<classroom>-<assignment>_submissions_<time>``, and writes ``result.json`` into each and
``scores.csv`` beside them. GitHub's own "Download ZIP" has no ``.git``, and the branch behind the
name: ``<assignment>-<login>-main``. All parts of the name may contain hyphens, so the assignment is
the common prefix of nearly all.

Source: foundation50/classroom50, cli/gh-teacher/internal/download/download.go 0343327c. The names
of "Download ZIP" were not read in a source.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import NAMED, is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_FOLDER = re.compile(r"(?P<assignment>.+?)(?:-submissions|_submissions_\d{4}_\d\d_\d\d_T_[\d_]+)")
# A second download is numbered: "lab-2-kim-main (1).zip".
_BRANCH = re.compile(r"-(?:main|master)(?: \(\d{1,3}\))?$")
_NEARLY_ALL = 0.9
_FEW = 2


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a folder of clones, or of unpacked or packed repositories."""
    # The folder itself may be the TA's own repository.
    depth = levels.outermost_path(lambda path: path in tree.clones)
    if depth is None:
        # A copy may have lost the hidden folders.
        depth = levels.outermost_path(lambda path: _is_told(path, tree))
    if depth is not None:
        return _repositories(tree, levels, depth)
    found = (_repositories(tree, levels, depth) for depth in levels.depths(_BRANCH.search))
    return next(filter(None, found), None)


def _repositories(tree: Tree, levels: Levels, depth: int) -> Layout | None:
    paths = levels.paths(depth)
    packed = 2 * sum(bool(_BRANCH.search(path[-1])) for path in paths) > len(paths)

    def called(name: str) -> str:
        return _BRANCH.sub("", name) if packed else name

    folder = _folder(tree, depth)
    prefix = _prefix({called(path[-1]) for path in paths}, folder)
    if packed and not prefix:
        return None  # "kim-main" and "lee-main" may be anything

    def whose(item: Item) -> Owner | None:
        path = item.parts[: depth + 1]
        named = prefix and path[-1].startswith(prefix)
        if is_file_at(item, depth) or not (named or path in tree.clones):
            return None
        name = called(path[-1])
        return Owner(name.removeprefix(prefix) or name, own=stem(item.name))

    return Layout("repositories from GitHub" if packed else _title(folder), whose, depth=depth)


def _title(folder: str) -> str:
    if "_submissions_" in folder:
        return "clones from Classroom 50"
    return "clones from GitHub Classroom"


def _is_told(path: Parts, tree: Tree) -> bool:
    """Whether a path is that of a repository, by the name of the folder that it lies in."""
    above = tree.notebooks[0].above if tree.notebooks else ()
    told = _FOLDER.fullmatch("".join((*above, *path[:-1])[-1:]))
    return bool(told and path[-1].startswith(f"{told['assignment']}-"))


def _folder(tree: Tree, depth: int) -> str:
    """Return the name of the folder that the repositories lie in."""
    above = {name_at(item, depth - 1 if depth else NAMED) for item in tree.notebooks}
    return above.pop() if len(above) == 1 else ""


def _prefix(names: Collection[str], folder: str) -> str:
    """Return the prefix before the login, including the hyphen."""
    told = _FOLDER.fullmatch(folder)
    prefix = f"{told['assignment']}-" if told else ""
    if prefix and all(name.startswith(prefix) for name in names):
        return prefix
    counts: Counter[str] = Counter()
    for name in names:
        counts.update(name[: at + 1] for at, c in enumerate(name[:-1]) if c == "-")
    enough = max(_FEW, _NEARLY_ALL * len(names))
    return max((prefix for prefix, n in counts.items() if n >= enough), key=len, default="")
