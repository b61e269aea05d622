"""Builds the notebook that students open from the solved one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor, ClearOutputPreprocessor

from grader.assignment.model import MARKER
from grader.errors import AssignmentError
from grader.notebook.answer_marks import MarkedAnswer, find_answers
from grader.template.markers import blanked
from grader.template.points import with_points

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from grader.assignment import Assignment

# These metadata say how a cell may be used. All others are an editor's leftovers.
_CELL_METADATA = {"deletable", "editable", "tags"}
# By this mark a submission is recognised as one of this assignment.
_MARK = "grader"
# A cell with such a tag holds an answer that a person grades: see the kind ``manual``.
_ANSWER_TAG = "answer:"
_TEXT_STUB = "*Write your answer here.*"
# Complete, as Jupyter writes it, but for Python's version: without the file extension,
# `jupyter nbconvert --to script` writes a student's code to a .txt file.
_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def student_notebook(assignment: Assignment) -> NotebookNode:
    """Return the student's notebook, built from the solved one and the rubric.

    Raises ``AssignmentError`` when the solved notebook can't be read, has a malformed marker, or
    does not mark exactly the blanks that the rubric lists.
    """
    solved = load_notebook(assignment.reference)
    try:
        marked = answers(solved)
        placeholders = {blank.number: blank.placeholder for blank in assignment.blanks}
        template = build_template(solved, assignment.marker, placeholders)
        built = with_points(template, assignment)
    except AssignmentError as error:
        raise AssignmentError(f"{assignment.reference}: {error.message}", error.hint) from None
    listed = {blank.number for blank in assignment.blanks}
    for number in sorted(listed ^ marked.keys()):
        has, lacks = (
            ("assignment.toml", assignment.reference.name)
            if number in listed
            else (assignment.reference.name, "assignment.toml")
        )
        raise AssignmentError(
            f"{assignment.id}: blank {number} stands in {has}, but not in {lacks}",
            f"mark its answer with '# ANSWER {number}', and describe it under [[blanks]]",
        )
    for blank in assignment.blanks:
        if marked[blank.number].block != (blank.kind == "block"):
            raise AssignmentError(
                f'{assignment.id}: blank {blank.number} is of the kind "{blank.kind}", and its '
                f"answer in {assignment.reference.name} is marked as {_form(marked[blank.number])}",
                "a block has '# ANSWER n' above it and '# END n' below it, and kind = \"block\"",
            )
    return built


def _form(answer: MarkedAnswer) -> str:
    return "a block" if answer.block else "part of a line"


def build_template(
    solved: NotebookNode, marker: str = MARKER, placeholders: Mapping[int, str] | None = None
) -> NotebookNode:
    """Return the solved notebook with its answers blanked and its outputs and leftovers removed.

    ``marker`` and ``placeholders`` are what the students fill in, see ``blanked``.

    The result is always of format 4.5 and has the solved notebook's cell ids; a cell without an id
    gets one from its position. The same input gives the same output. Raises ``AssignmentError`` as
    ``answers`` does.
    """
    answers(solved)
    # The preprocessors change the notebook that they are given.
    built = copy.deepcopy(solved)
    keep = {"preserve_cell_metadata_mask": _CELL_METADATA, "preserve_nb_metadata_mask": {_MARK}}
    for preprocessor in (ClearOutputPreprocessor(), ClearMetadataPreprocessor(**keep)):
        built, _ = preprocessor.preprocess(built, {})
    built.metadata.update(copy.deepcopy(_NOTEBOOK_METADATA))
    built.nbformat_minor = 5
    for number, cell in enumerate(built.cells, start=1):
        cell.setdefault("id", f"cell-{number}")
        cell.source = cell.source.replace("\r\n", "\n")
        if is_manual_answer(cell):
            cell.source = marker if cell.cell_type == "code" else _TEXT_STUB
        if cell.cell_type == "code":
            cell.source = blanked(cell.source, marker, placeholders)
        else:  # ClearMetadataPreprocessor leaves these as they are
            kept = {key: cell.metadata[key] for key in _CELL_METADATA & cell.metadata.keys()}
            cell.metadata = nbformat.from_dict(kept)
    return built


def is_manual_answer(cell: NotebookNode) -> bool:
    """Whether a cell holds an answer that a person grades, and is emptied for students."""
    return any(tag.startswith(_ANSWER_TAG) for tag in cell.metadata.get("tags", ()))


def answers(solved: NotebookNode) -> dict[int, MarkedAnswer]:
    """Return the solved notebook's answers by blank number, in order of number.

    Raises ``AssignmentError`` when it isn't of format 4, or when a marker is malformed, stands
    twice or is missing: numbers run from 1 without a gap.
    """
    if solved.get("nbformat") != 4:
        raise AssignmentError("the solved notebook isn't a notebook of nbformat 4")
    found: dict[int, MarkedAnswer] = {}
    for cell_number, cell in enumerate(solved.cells, start=1):
        if cell.cell_type != "code":
            continue
        for answer in find_answers(cell.source.replace("\r\n", "\n"), cell_number):
            if answer.number in found:
                first = found[answer.number]
                raise AssignmentError(
                    f"'# ANSWER {answer.number}' stands twice: in cell {first.cell_number}, line "
                    f"{first.line} and in cell {cell_number}, line {answer.line}",
                    "give every blank its own number",
                )
            found[answer.number] = answer
    missing = sorted(set(range(1, max(found, default=1) + 1)) - set(found))
    if missing:
        raise AssignmentError(
            f"the solved notebook has no '# ANSWER {missing[0]}'",
            "mark every answer with its blank's number, from 1 on, without a gap",
        )
    return dict(sorted(found.items()))


def load_notebook(path: Path) -> NotebookNode:
    """Return the notebook in a file.

    Raises ``AssignmentError`` when the file can't be read or holds no valid notebook of format 4.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise AssignmentError(f"{path} can't be read: {error}") from error
    try:
        # Not nbformat.reads: it gives a cell without an id a random one.
        notebook: NotebookNode = nbformat.reader.reads(text)
        if notebook.nbformat == 4 and notebook.nbformat_minor >= 5:
            for number, cell in enumerate(notebook.cells, start=1):
                cell.setdefault("id", f"cell-{number}")
        nbformat.validate(notebook)
    except nbformat.reader.NotJSONError as error:
        raise AssignmentError(f"{path} can't be read: it isn't JSON") from error
    except Exception as error:  # AttributeError and TypeError among them
        why = str(error).strip().partition("\n")[0]
        raise AssignmentError(f"{path} isn't a notebook of nbformat 4: {why}") from error
    if notebook.nbformat != 4:
        raise AssignmentError(f"{path} isn't a notebook of nbformat 4")
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """Return the text of a notebook's file, as ``nbformat.write`` writes it."""
    return f"{nbformat.writes(notebook)}\n"
