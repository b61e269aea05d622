"""A course in a folder of its own, to be changed by tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, load_assignment
from grader.template.build import load_notebook, notebook_text, student_notebook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from nbformat import NotebookNode

MLP = load_assignment("mlp")


def course(root: Path, of: Assignment = MLP) -> Assignment:
    """A course with a copy of an assignment, the MLP's if none is named, and its template."""
    folder = root / "reference" / of.id
    folder.parent.mkdir(parents=True)
    shutil.copytree(of.folder, folder, ignore=shutil.ignore_patterns("data"))
    if of.data is not None:
        (folder / "data").symlink_to(of.data)
    assignment = load_assignment(str(folder))
    save(assignment, student_notebook(assignment))
    return assignment


def save(assignment: Assignment, notebook: NotebookNode) -> None:
    assignment.template.parent.mkdir(exist_ok=True)
    assignment.template.write_text(notebook_text(notebook), encoding="utf-8")


def template(assignment: Assignment) -> NotebookNode:
    return load_notebook(assignment.template)


def solved(assignment: Assignment) -> NotebookNode:
    return load_notebook(assignment.reference)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)


def replaced(cell: NotebookNode, find: str, text: str) -> None:
    assert cell.source.count(find) == 1
    cell.source = cell.source.replace(find, text)


def replace_in(path: Path, find: str, text: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert find in content
    path.write_text(content.replace(find, text), encoding="utf-8")


def keep(assignment: Assignment, codes: Collection[str], alternatives: int = 2) -> None:
    """Leave only the first mistake of each code and the first alternatives; no records."""
    mistakes = {code: next(m for m in MLP.mistakes if m.code == code) for code in codes}
    _write(assignment.folder / "mistakes.toml", "mistakes", mistakes.values())
    few = MLP.alternatives[:alternatives]
    _write(assignment.folder / "alternatives.toml", "alternatives", few)
    (assignment.folder / "equivalents.toml").unlink(missing_ok=True)


def _write(path: Path, key: str, entries: Iterable[Any]) -> None:
    """Cut the entries that are wanted out of the file: TOML has no writer in the library."""
    pieces = path.read_text(encoding="utf-8").split(f"\n[[{key}]]\n")[1:]
    listed = getattr(MLP, key)
    wanted = [piece for piece, entry in zip(pieces, listed, strict=True) if entry in entries]
    path.write_text("".join(f"[[{key}]]\n{piece}\n" for piece in wanted), encoding="utf-8")
