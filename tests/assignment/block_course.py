"""An assignment with blocks of several sizes, and its solved notebook changed as students do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment import load_assignment
from grader.audit.cases import handed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Edit
    from grader.notebook.read import Notebook

FOLDER = Path(__file__).parent / "blocks"
BLOCKS = load_assignment(str(FOLDER))

CENTRED = "    centred = x - x.mean(0)\n"
STANDARDISE = """\
    spread = (centred**2).mean(0)
    z = centred / (spread + 0.1) ** 0.5
"""
SOFTMAX = """\
    shifted = x - x.max(-1, keepdim=True).values
    e = shifted.exp()
    return e / e.sum(-1, keepdim=True)"""
SCALER = """\
    def __init__(self, factor, offset):
        self.factor = factor
        self.offset = offset

    def __call__(self, x):
        return self.factor * x + self.offset
"""
LERP = "        a,\n        b,\n        weight=c,\n"
HINGE = "def hinge(margin):\n    return (1 - margin).clamp(min=0)"


def changed(find: str, put: str, edits: Sequence[Edit] = ()) -> Notebook:
    """Return the solved notebook, handed in, with one piece of its code replaced."""
    notebook = handed_in(BLOCKS, edits)
    code = [cell for cell in notebook.cells if cell.kind == "code"]
    assert sum(cell.source.count(find) for cell in code) == 1, find
    cells = [
        replace(cell, source=cell.source.replace(find, put)) if cell in code else cell
        for cell in notebook.cells
    ]
    return replace(notebook, cells=tuple(cells))
