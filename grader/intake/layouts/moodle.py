"""Moodle's "Download all submissions": a folder for each student, or all in one folder.

``Minsu Kim_12345_assignsubmission_file/mlp.ipynb``, with a trailing ``_`` in older versions, and
``Minsu Kim_12345_assignsubmission_file_mlp.ipynb`` without folders. The number is the one after
"Participant" in the grading worksheet and belongs to this assignment alone. A team has its own name
and its group's number, which may be some participant's as well; the team of those without a group
has no number, and shows that all others are teams. ``_onlinetext`` holds what was typed in,
``_assignfeedback_`` what the teachers give back.

Source: moodle/moodle, mod/assign/classes/downloader.php da545523.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import NAMED, is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d+))?_assign(?P<what>submission|feedback)_(?P<kind>[a-z]+)_?"
    r"(?P<own>.*)"
)
_NOT = "the teachers' feedback, not a submission"


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Moodle download, zipped or unpacked, whole or one student's folder of it."""
    depth = levels.outermost(_NAME.fullmatch, NAMED)
    if depth is None:
        return None
    teams = False

    def whose(item: Item) -> Owner | None:
        found = _NAME.fullmatch(name_at(item, depth))
        if found is None:
            return None
        own = found["own"] if is_file_at(item, depth) else item.name
        number, name = found["number"], found["name"]
        return Owner(
            number or name, name, stem(own), team=teams, participant=bool(number) and not teams
        )

    def why_not(item: Item) -> str:
        found = _NAME.fullmatch(name_at(item, depth))
        return _NOT if found and found["what"] == "feedback" else ""

    owners = [owner for item in tree.notebooks if (owner := whose(item)) is not None]
    teams = not all(owner.participant for owner in owners)
    title = "a Moodle download of teams" if teams else "a Moodle download"
    return Layout(title, whose, why_not, depth=depth)
