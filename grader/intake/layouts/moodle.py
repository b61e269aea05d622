"""Moodle's "Download all submissions": a folder for each student, or all in one folder.

``Minsu Kim_12345_assignsubmission_file/mlp.ipynb``, with a trailing ``_`` in older versions, and
``Minsu Kim_12345_assignsubmission_file_mlp.ipynb`` without folders. The number is the one after
"Participant" in the grading worksheet and belongs to this assignment alone. A team has its own name
and a number or none.

Source: Moodle, mod/assign/classes/downloader.php.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.model import Item, Tree

_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)_?(?P<own>.*)"
)


def layout(tree: Tree) -> Layout | None:
    """Recognise a Moodle download, zipped or unpacked, whole or one student's folder of it."""
    if not any(_whose(item) for item in tree.notebooks):
        return None
    return Layout("a Moodle download", _whose)


def _whose(item: Item) -> Owner | None:
    for part in (*item.above[-1:], *item.parts):
        found = _NAME.fullmatch(part)
        if found:
            break
    else:
        return None
    own = found["own"] if part is item.parts[-1] else item.name
    return Owner(found["number"] or found["name"], found["name"], stem(own))
