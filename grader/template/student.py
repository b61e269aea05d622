"""The student's notebook of an assignment: built, read back, and where it lies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError
from grader.template.build import answers, build_template
from grader.template.points import with_points

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment


def student_notebook(assignment: Assignment) -> dict[str, Any]:
    """Return the student's notebook as the solved one and the rubric give it.

    Raises ``AssignmentError`` when the solved notebook can't be read, has a malformed marker, or
    does not mark the blanks that the rubric lists.
    """
    solved = solved_notebook(assignment)
    try:
        marked = set(answers(solved))
        built = with_points(build_template(solved), assignment)
    except AssignmentError as error:
        raise AssignmentError(f"{assignment.reference}: {error.message}", error.hint) from None
    listed = {blank.number for blank in assignment.blanks}
    for number in sorted(listed ^ marked):
        has, lacks = (
            ("assignment.toml", assignment.reference.name)
            if number in listed
            else (assignment.reference.name, "assignment.toml")
        )
        raise AssignmentError(
            f"{assignment.id}: blank {number} stands in {has}, but not in {lacks}",
            f"mark its answer with '# ANSWER {number}', and describe it under [[blanks]]",
        )
    return built


def solved_notebook(assignment: Assignment) -> dict[str, Any]:
    """Return the solved notebook as ``json.load`` gives it; raises ``AssignmentError``."""
    return read_json(assignment.reference)


def read_json(path: Path) -> dict[str, Any]:
    """Return a notebook's file as plain data; raises ``AssignmentError`` when it is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssignmentError(f"{path} can't be read: {error}") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise AssignmentError(f"{path} isn't a notebook of nbformat 4")
    return dict(notebook)


def _is_cell(cell: object) -> bool:
    return isinstance(cell, dict) and "source" in cell and isinstance(cell.get("cell_type"), str)
