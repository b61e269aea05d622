"""The layouts of downloads, one file each; the one whose students are outermost is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.layouts import (
    blackboard,
    brightspace,
    canvas,
    exchange,
    github,
    gradescope,
    ilias,
    moodle,
    nbgrader,
    openedx,
    openolat,
    sakai,
    teams,
)
from grader.intake.layouts.levels import Levels
from grader.intake.layouts.plain import owners

if TYPE_CHECKING:
    from grader.intake.model import Layout, Tree

# Of those that fit at the same depth the first is taken: the surest forms come first.
_LAYOUTS = (
    *(moodle, blackboard, gradescope, exchange, openedx, brightspace, openolat, canvas, nbgrader),
    *(github, sakai, ilias, teams),
)

__all__ = ["owners", "recognise"]


def recognise(tree: Tree) -> Layout | None:
    """Return the layout of a tree, or None if no system made it.

    Raises ``GraderError`` if the layout is clear, but not which part of it is to be graded.
    """
    levels = Levels(tree.notebooks)
    found = filter(None, (module.layout(tree, levels) for module in _LAYOUTS))
    fitting = (layout for layout in found if _fits_most(layout, tree))
    return min(fitting, key=lambda layout: layout.depth, default=None)


def _fits_most(layout: Layout, tree: Tree) -> bool:
    fitting = sum(bool(layout.whose(item) or layout.why_not(item)) for item in tree.notebooks)
    return 2 * fitting > len(tree.notebooks)
