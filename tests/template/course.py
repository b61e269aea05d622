"""A small course in a folder: one assignment with two blanks, its template built."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, load_assignment
from grader.template import notebook_text, student_notebook

if TYPE_CHECKING:
    from pathlib import Path

MLP = load_assignment("mlp")


def course(root: Path) -> Assignment:
    """A course with a copy of the MLP assignment and its template."""
    folder = root / "reference" / "mlp"
    folder.parent.mkdir(parents=True)
    shutil.copytree(MLP.folder, folder, ignore=shutil.ignore_patterns("data"))
    (folder / "data").symlink_to(MLP.data)
    assignment = load_assignment(str(folder))
    save(assignment, student_notebook(assignment))
    return assignment


def save(assignment: Assignment, notebook: dict[str, Any]) -> None:
    assignment.template.parent.mkdir(exist_ok=True)
    assignment.template.write_text(notebook_text(notebook), encoding="utf-8")


def template(assignment: Assignment) -> dict[str, Any]:
    return json.loads(assignment.template.read_text(encoding="utf-8"))


def solved(assignment: Assignment) -> dict[str, Any]:
    return json.loads(assignment.reference.read_text(encoding="utf-8"))


def cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def replaced(cell: dict[str, Any], find: str, text: str) -> None:
    source = "".join(cell["source"])
    assert source.count(find) == 1
    cell["source"] = source.replace(find, text).splitlines(keepends=True)


def replace_in(path: Path, find: str, text: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert find in content
    path.write_text(content.replace(find, text), encoding="utf-8")


__all__ = ["cell", "course", "replace_in", "replaced", "save", "solved", "template"]
