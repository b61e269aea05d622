"""OpenOlat's archive of a task: a folder a student, and in it one for each step.

``ita_Homework_1_2025-03-02_10-00-00/Kim_Minsu_mkim42/2_submissions/mlp.ipynb``: the outer folder is
``ita_`` or, for groups, ``grouptask_`` with the node's name and the date; the student is last name,
first name and login, a group its name and its key. The steps are numbered in their order, whichever
of them the course uses: ``_task``, ``_submissions``, ``_corrections``, ``_revisions_1``,
``_corrections_1``, ``_assessment``. The coach's sample solutions lie in ``solutions`` beside the
students. These names are not translated.

Source: OpenOLAT/OpenOLAT, src/main/java/org/olat/course/nodes/GTACourseNode.java 00808dbd,
``archiveNodeData``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_STEP = re.compile(
    r"\d+_(?:(?P<not>task|corrections(?:_\d+)?|assessment)|submissions|revisions_(?P<number>\d{1,9}))"
)
_WHY_NOT = {
    "task": "the task that students were given, not a submission",
    "corrections": "a correction by the coach, not a submission",
    "assessment": "a document of the assessment, not a submission",
}
_SOLUTION = "a sample solution, not a submission"
_SOLUTIONS = "solutions"
_GROUPS = "grouptask_"


def layout(_tree: Tree, levels: Levels) -> Layout | None:
    """Recognise an OpenOlat archive, zipped or unpacked, whole or one student's folder."""
    steps = levels.outermost_path(lambda p: _STEP.fullmatch(p[-1]) or p[-2:-1] == (_SOLUTIONS,))
    if steps is None or not any(_STEP.fullmatch(path[-1]) for path in levels.paths(steps)):
        return None

    def whose(item: Item) -> Owner | None:
        step = _STEP.fullmatch(name_at(item, steps))
        if step is None:
            return None
        attempt = (int(step["number"] or 0),)
        *outer, folder = (*item.above, *item.parts[:steps])
        if outer and outer[-1].startswith(_GROUPS):
            group = folder.rpartition("_")[0].replace("_", " ") or folder
            return Owner(group, group, stem(item.name), attempt, team=True)
        *names, login = folder.split("_")
        # A login may hold the "_" itself.
        ids = (f"{names[-1]}_{login}",) if len(names) > 2 else ()
        return Owner(login, " ".join(names), stem(item.name), attempt, ids=ids)

    def why_not(item: Item) -> str:
        step = _STEP.fullmatch(name_at(item, steps))
        if step is None:
            return _SOLUTION if _SOLUTIONS in item.parts[:steps][-1:] else ""
        return _WHY_NOT[step["not"].partition("_")[0]] if step["not"] else ""

    return Layout("an OpenOlat archive", whose, why_not, depth=steps - 1)
