"""Moodle's "Download all submissions": a folder for each student, or all in one folder.

``Minsu Kim_12345_assignsubmission_file/mlp.ipynb``, with a trailing ``_`` in older versions, and
``Minsu Kim_12345_assignsubmission_file_mlp.ipynb`` without folders. The number is the one after
"Participant" in the grading worksheet and belongs to this assignment alone. A team has its own name
and its group's number, which may be some participant's, too; the team of those without a group has
no number, and shows that all others are teams.

Source: Moodle, mod/assign/classes/downloader.php.
"""

from __future__ import annotations

import re
from dataclasses import replace
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
    owners = [owner for item in tree.notebooks if (owner := _whose(item)) is not None]
    if not owners:
        return None
    if all(owner.participant for owner in owners):
        return Layout("a Moodle download", _whose)
    return Layout("a Moodle download of teams", _whose_team)


def _whose_team(item: Item) -> Owner | None:
    owner = _whose(item)
    return None if owner is None else replace(owner, team=True)


def _whose(item: Item) -> Owner | None:
    for part in (*item.above[-1:], *item.parts):
        found = _NAME.fullmatch(part)
        if found:
            break
    else:
        return None
    own = found["own"] if part is item.parts[-1] else item.name
    number = found["number"]
    return Owner(number or found["name"], found["name"], stem(own), participant=bool(number))
