"""A course in a folder of its own, to be changed by tests."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, Edit, Mistake, Words, load_assignment
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
    files = sorted((assignment.folder / "mistakes").glob("*.toml"))
    first = [next(m for m in MLP.mistakes if m.code == code) for code in codes]
    _write(files[0], "mistakes", [_mistake(mistake) for mistake in first])
    for file in files[1:]:
        file.write_text("", encoding="utf-8")
    few = [{"title": a.title, "edits": _edits(a.edits)} for a in MLP.alternatives[:alternatives]]
    _write(assignment.folder / "alternatives.toml", "alternatives", few)
    (assignment.folder / "equivalents.toml").unlink(missing_ok=True)


def _mistake(mistake: Mistake) -> dict[str, Any]:
    words = {key: text for key, text in asdict(mistake.words or Words()).items() if text}
    entry = {"code": mistake.code, "edits": _edits(mistake.edits), **words}
    entry |= {"only_text": mistake.only_text, "patterns": list(mistake.patterns)}
    entry["verdict"] = {check: list(statuses) for check, statuses in mistake.verdict.items()}
    return entry if mistake.blank is None else {**entry, "blank": mistake.blank}


def _edits(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    return [
        {"blank": edit.blank, "answer": edit.text}
        if edit.blank is not None
        else {"part": edit.part, "find": edit.find, "replace": edit.text}
        for edit in edits
    ]


def _write(path: Path, key: str, entries: Iterable[dict[str, Any]]) -> None:
    """Write a list of tables: TOML has no writer in the library."""
    text = [f"[[{key}]]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in e.items()) for e in entries]
    path.write_text("\n".join(text), encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
