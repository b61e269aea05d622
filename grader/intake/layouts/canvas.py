"""Canvas' "Download Submissions": a flat zip whose file names tell everything.

``kimminsu_LATE_12345_67890_mlp-2.ipynb``: the letters of the sortable name in lower case, whether
it was late, Canvas' ids of the user and of the file, and the student's name for the file. Canvas
numbers files that were handed in again (``mlp-1``, ``mlp-2``). In anonymous assignments a code
replaces name and user.

Source: Canvas LMS, lib/content_zipper.rb.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.model import Item, Tree

_NAME = re.compile(
    r"(?:(?P<early_late>LATE_)?(?P<anonymous>anon_[0-9A-Za-z]+)|(?P<name>[^./]*?)(?P<late>_LATE)?_(?P<user>\d+))"
    r"_(?P<file>\d+)_(?P<own>.+)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(.+)-(\d{1,2})")
# Canvas keeps few files a student; a folder of similar names by chance has many.
_MOST_FILES = 5


def layout(tree: Tree) -> Layout | None:
    """Recognise a Canvas download, zipped or unpacked."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    files = 0
    for item in tree.notebooks:
        owner = _whose(item)
        if owner is not None:
            names[owner.id].add(owner.name)
            files += 1
    if not files or files > _MOST_FILES * len(names):
        return None
    # The number is the user's: two names with the same number are no Canvas download.
    if any(len(called) > 1 for called in names.values()):
        return None
    return Layout("a Canvas download", _whose)


def _whose(item: Item) -> Owner | None:
    for part in item.parts:
        found = _NAME.fullmatch(part)
        if found:
            break
    else:
        return None
    own = stem(found["own"]) if part is item.parts[-1] else stem(item.name)
    numbered = _NUMBERED.fullmatch(own)
    own, number = (numbered[1], int(numbered[2])) if numbered else (own, 0)
    return Owner(
        id=found["anonymous"] or found["user"],
        name=found["name"] or "",
        own=own,
        attempt=(int(found["file"][:18]), number),
        by_file=True,
        late=bool(found["late"] or found["early_late"]),
    )
