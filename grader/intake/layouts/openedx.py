"""Open edX's "Submission Files" of open response assessments: a folder a unit of the course.

``[1]Week 3, [2]Homework, [1]MLP/[1] - mkim42 - mlp.ipynb``: the numbers and names of section,
subsection and unit; then the number of the assessment in its unit, the user and the student's name
for the file. The user is the username only if the site exports usernames, otherwise an anonymous
id, or the id of a coaching service. Answers typed in are ``prompt_0.txt``; ``submissions.csv`` lies
beside the folders; what was removed from the course is in ``Removed from course`` under ``[x]``.

The download holds every assessment of the course. Each keeps one submission a student.

Source: openedx/edx-ora2, openassessment/data.py 007f0837, ``OraDownloadData``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.layouts.assignments import of_one
from grader.intake.layouts.levels import is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_NAME = re.compile(r"\[(?P<number>\d+|x)\] - (?P<user>\S+)(?: - (?P<own>.+))?")


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise the download, zipped or unpacked, whole or one unit's folder."""
    depth = levels.outermost(_NAME.fullmatch)
    if depth is None:
        return None

    def whose(item: Item) -> Owner | None:
        found = _NAME.fullmatch(name_at(item, depth))
        if found is None:
            return None
        own = found["own"] if is_file_at(item, depth) else None
        return Owner(found["user"], own=stem(own or item.name))

    def assessment(item: Item) -> str:
        found = _NAME.fullmatch(name_at(item, depth))
        unit = (*item.above, *item.parts[:depth])[-1:]
        return f"[{found['number']}] in {''.join(unit)}" if found else ""

    why_not = of_one(tree, tree.notebooks, assessment, whose)
    return Layout("an Open edX download", whose, why_not, depth=depth)
