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
    from grader.intake.model import Item, Tree

_FOLDER = re.compile(r"(?P<assignment>.+?)(?:-submissions|_submissions_\d{4}_\d\d_\d\d_T_[\d_]+)")
_BRANCH = re.compile(r".+-(?:main|master)")
_NEARLY_ALL = 0.9
_FEW = 2


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a folder of clones, or of unpacked or packed repositories."""
    # The folder itself may be the TA's own repository.
    depth = levels.outermost(lambda path: path in tree.clones)
    branch = ""
    if depth is None:
        depth = levels.outermost(lambda path: _BRANCH.fullmatch(path[-1]))
        if depth is None:
            return None
        branch = _branch({path[-1] for path in levels.paths(depth)})
    folder = _folder(tree, depth)
    prefix = _prefix({path[-1].removesuffix(branch) for path in levels.paths(depth)}, folder)
    if branch and not prefix:
        return None  # "kim-main" and "lee-main" may be anything

    def whose(item: Item) -> Owner | None:
        path = item.parts[: depth + 1]
        packed = branch and path[-1].endswith(branch) and path[-1].startswith(prefix)
        if is_file_at(item, depth) or not (packed or path in tree.clones):
            return None
        login = path[-1].removesuffix(branch).removeprefix(prefix)
        return Owner(login or path[-1], own=stem(item.name))

    return Layout("repositories from GitHub" if branch else _title(folder), whose, depth=depth)


def _title(folder: str) -> str:
    if "_submissions_" in folder:
        return "clones from Classroom 50"
    return "clones from GitHub Classroom"


def _branch(names: Collection[str]) -> str:
    """Return the branch that nearly all names end with, including the hyphen."""
    ends = Counter("-" + name.rpartition("-")[2] for name in names)
    return ends.most_common(1)[0][0]


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
