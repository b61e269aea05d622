"""nbgrader's tree of a course: ``submitted/<student>/<assignment>/<notebook>.ipynb``.

Any of these folders may be the PATH that was given. nbgrader keeps no earlier attempts here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake.model import Layout, Owner
from grader.intake.names import natural, stem
from grader.text import printable

if TYPE_CHECKING:
    from grader.intake.model import Item, Tree

_ROOT = "submitted"
_DEPTH = 3  # student, assignment, notebook
_MOST_NOTEBOOKS = 20  # of one student; with more it is another kind of folder


def layout(tree: Tree) -> Layout | None:
    """Recognise nbgrader's tree; raises ``GraderError`` if it holds several assignments."""
    places = [place for place in map(_place, tree.notebooks) if place is not None]
    students = {student for student, _ in places}
    if not places or len(places) > _MOST_NOTEBOOKS * len(students):
        return None
    assignments = sorted({assignment for _, assignment in places}, key=natural)
    if len(assignments) > 1:
        named = ", ".join(printable(name, 40) for name in assignments[:5])
        raise GraderError(
            f"{_ROOT} holds several assignments: {named}{', …' * (len(assignments) > 5)}",
            f"Name one: grade {_ROOT}/*/{printable(assignments[0], 40)}",
        )
    return Layout("nbgrader's submitted folder", _whose)


def _whose(item: Item) -> Owner | None:
    place = _place(item)
    return Owner(place[0], own=stem(item.name)) if place else None


def _place(item: Item) -> tuple[str, str] | None:
    """Return the student's and the assignment's name."""
    trail = (*item.above, *item.parts)
    for index in range(len(trail) - _DEPTH - 1, -1, -1):
        if trail[index] == _ROOT:
            return trail[index + 1], trail[index + 2]
    return None
