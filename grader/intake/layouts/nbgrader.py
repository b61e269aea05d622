"""nbgrader's tree of a course: ``submitted/<student>/<assignment>/<notebook>.ipynb``.

Any of these folders may be the PATH that was given. nbgrader keeps no earlier attempts here;
``zip_collect`` puts what it read from other systems' downloads into the same tree. Beside it lie
``source``, ``release``, ``autograded`` and ``feedback``, and what ``zip_collect`` read in
``downloaded``. ``timestamp.txt`` beside a notebook says when the exchange took it, in the zone that
it names.

Source: jupyter/nbgrader, nbgrader/exchange/default/collect.py 3f751137 and the defaults of
nbgrader/coursedir.py.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake.model import Layout, Owner
from grader.intake.names import decode, natural, stem
from grader.text import printable

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_ROOT = "submitted"
_DEPTH = 3  # student, assignment, notebook
_BELOW = 2  # the first two of these
_TIME, _LONGEST_TIME = "timestamp.txt", 80
_MOST_NOTEBOOKS = 20  # of one student; with more it is another kind of folder
_WHY_NOT = {
    "source": "the instructor's own version, not a submission",
    "release": "what was released to students, not a submission",
    "autograded": "a copy that nbgrader graded, not a submission",
    "feedback": "feedback, not a submission",
    "downloaded": "what zip_collect read, not a submission",
}


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise nbgrader's tree; raises ``GraderError`` if it holds several assignments."""
    beside = {*_WHY_NOT, _ROOT}
    root = levels.outermost(lambda name: name in beside)
    if root is not None and not any(path[-1] == _ROOT for path in levels.paths(root)):
        root = None

    def place(item: Item) -> Parts:
        """Return the student's name, the assignment's and the rest."""
        if root is not None:
            named = item.parts[root : root + 1] == (_ROOT,)
            trail = item.parts[root + 1 :] if named else ()
        else:
            at = _last(item.above)
            trail = (*item.above[at + 1 :], *item.parts) if at is not None else ()
        return trail if len(trail) >= _DEPTH else ()

    places = [found for found in map(place, tree.notebooks) if found]
    counts = Counter(found[0] for found in places)
    full = sum(count > _MOST_NOTEBOOKS for count in counts.values())
    if not places or 2 * full > len(counts):
        return None
    assignments = sorted({found[1] for found in places}, key=natural)
    if len(assignments) > 1 and not tree.of_course:
        named = ", ".join(printable(name, 40) for name in assignments[:5])
        raise GraderError(
            f"{_ROOT} holds several assignments: {named}{', …' * (len(assignments) > 5)}",
            f"Name one: grade {_ROOT}/*/{printable(assignments[0], 40)}",
        )

    times = {one.parts[:-1]: one for one in tree.others if one.name == _TIME}

    def whose(item: Item) -> Owner | None:
        found = place(item)
        if not found:
            return None
        beside = times.get(item.parts[: len(item.parts) - len(found) + _BELOW])
        time = decode(tree.read(beside)[:_LONGEST_TIME], "utf-8").strip() if beside else ""
        return Owner(found[0], own=stem(item.name), time=time)

    def why_not(item: Item) -> str:
        return _WHY_NOT.get(item.parts[root], "") if root is not None else ""

    depth = root + 1 if root is not None else 0
    return Layout("nbgrader's submitted folder", whose, why_not, depth=depth)


def _last(above: Parts) -> int | None:
    """Return where the last ``submitted`` is among the folders that lead to the PATH."""
    return next((at for at in range(len(above) - 1, -1, -1) if above[at] == _ROOT), None)
