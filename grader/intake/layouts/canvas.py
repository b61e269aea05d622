"""Canvas' "Download Submissions": a flat zip whose file names tell everything.

``kimminsu_LATE_12345_67890_mlp-2.ipynb``: the letters of the sortable name in lower case, whether
it was late, Canvas' ids of the user and of the file, and the student's name for the file. Canvas
numbers files that were handed in again (``mlp-1``, ``mlp-2``). In anonymous assignments a code
replaces name and user. ``kimminsu_12345_text.html`` and ``…_link.html`` are what was typed in. In a
group's assignment the name is the group's and the user one of its members.

Source: instructure/canvas-lms, lib/content_zipper.rb 05e9653c, app/models/abstract_assignment.rb.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_NAME = re.compile(
    r"(?:(?P<early_late>LATE_)?(?P<anonymous>anon_[0-9A-Za-z]+)|(?P<name>[^\s_./-]*)(?P<late>_LATE)?_(?P<user>\d+))"
    r"_(?:(?P<file>\d+)_(?P<own>.+)|(?:text|link)\.html)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(.+)-(\d{1,2})")
# Canvas keeps few files a student; a folder of similar names by chance has many.
_MOST_FILES = 5


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Canvas download, zipped or unpacked."""
    depths = levels.depths(_NAME.fullmatch)
    depth = next((depth for depth in depths if _is_surely_canvas(tree, depth)), None)
    if depth is None:
        return None
    return Layout("a Canvas download", lambda item: _whose(item, depth), depth=depth)


def _is_surely_canvas(tree: Tree, depth: int) -> bool:
    """Whether the number is the user's: two names that share it, or many files, say no."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    files: Counter[str] = Counter()
    for item in tree.notebooks:
        owner = _whose(item, depth)
        if owner is not None:
            names[owner.id].add(owner.name)
            files[owner.id] += 1
    odd = sum(len(names[id_]) > 1 or files[id_] > _MOST_FILES for id_ in names)
    return bool(names) and 2 * odd <= len(names)


def _whose(item: Item, depth: int) -> Owner | None:
    found = _NAME.fullmatch(name_at(item, depth))
    if found is None:
        return None
    own = stem(found["own"] or "") if is_file_at(item, depth) else stem(item.name)
    numbered = _NUMBERED.fullmatch(own)
    own, number = (numbered[1], int(numbered[2])) if numbered else (own, 0)
    return Owner(
        id=found["anonymous"] or found["user"],
        name=found["name"] or "",
        own=own,
        attempt=(int((found["file"] or "0")[:18]), number),
        by_file=True,
        late=bool(found["late"] or found["early_late"]),
    )
