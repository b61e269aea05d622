"""The layouts of downloads, one file each; the first that fits most notebooks is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.layouts import canvas, github, moodle, nbgrader
from grader.intake.layouts.plain import owners

if TYPE_CHECKING:
    from grader.intake.model import Layout, Tree

_LAYOUTS = (moodle.layout, canvas.layout, github.layout, nbgrader.layout)

__all__ = ["owners", "recognise"]


def recognise(tree: Tree) -> Layout | None:
    """Return the layout of a tree, or None if no system made it.

    Raises ``GraderError`` if the layout is clear, but not which part of it is to be graded.
    """
    for recognised in _LAYOUTS:
        layout = recognised(tree)
        if layout is not None:
            fitting = sum(layout.whose(item) is not None for item in tree.notebooks)
            if 2 * fitting > len(tree.notebooks):
                return layout
    return None
