"""The solved notebook with other answers in it: listed mistakes and right alternatives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import AssignmentError
from grader.grading.submission import open_submission
from grader.template import with_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Assignment, Edit
    from grader.locate.parts import LocatedPart
    from grader.notebook.read import Cell, Notebook


def edited(
    notebook: Notebook,
    edits: Sequence[Edit],
    assignment: Assignment,
    parts: Mapping[str, LocatedPart] | None = None,
) -> Notebook:
    """Return the solved notebook with each edit made; raises ``AssignmentError`` for a vain one.

    ``parts`` are those that were found in it, where that is known.
    """
    for edit in edits:
        if parts is None and edit.blank is None:
            # An edit stays in its cell, so the parts are where they were after it.
            parts = open_submission(notebook, assignment).parts
        notebook = _edited(notebook, edit, parts or {})
    return notebook


def _edited(notebook: Notebook, edit: Edit, parts: Mapping[str, LocatedPart]) -> Notebook:
    if edit.blank is not None:
        number, text = edit.blank, edit.text
        return _replace(
            notebook,
            [cell for cell in notebook.cells if f"# ANSWER {number}" in cell.source],
            lambda cell: with_answer(cell.source, number, text),
            f"answer {number}",
        )
    part = parts.get(edit.part or "")
    find = edit.find or ""
    where = [
        c for c in notebook.cells if part and c.number == part.cell and c.source.count(find) == 1
    ]
    return _replace(
        notebook, where, lambda cell: cell.source.replace(find, edit.text), f"the text {find!r}"
    )


def _replace(notebook: Notebook, where: list[Cell], change: object, what: str) -> Notebook:
    if len(where) != 1 or not callable(change):
        raise AssignmentError(
            f"{what} stands {len(where)} times in the solved notebook, not once",
            "correct the entry among the assignment's mistakes or alternatives",
        )
    changed = replace(where[0], source=change(where[0]))
    cells = tuple(changed if cell is where[0] else cell for cell in notebook.cells)
    return replace(notebook, cells=cells)
