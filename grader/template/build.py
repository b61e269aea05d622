"""Turn the solved notebook into the one that students open."""

from __future__ import annotations

import json
from typing import Any

from grader.errors import AssignmentError
from grader.template.markers import AnswerLine, blanked, find_answers

# Metadata that say how a cell may be used; the rest is what some editor left behind.
_KEPT_METADATA = ("deletable", "editable", "tags")
_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build_template(reference: dict[str, Any]) -> dict[str, Any]:
    """Return the student's notebook: each answer blanked, outputs and leftovers gone.

    ``reference`` is the solved notebook as ``json.load`` gives it, nbformat 4; so is the
    result, always 4.5, with the reference's cell ids. The same input gives the same output.
    Raises AssignmentError where ``answers`` does.
    """
    answers(reference)
    cells = [_clean(number, cell) for number, cell in enumerate(_cells(reference), start=1)]
    # The mark by which a notebook that was handed in is known as this assignment's.
    mark = {key: value for key, value in reference.get("metadata", {}).items() if key == "grader"}
    metadata = _NOTEBOOK_METADATA | mark
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def answers(reference: dict[str, Any]) -> dict[int, AnswerLine]:
    """Return the reference's answers by blank number, in order of number.

    Raises AssignmentError when it isn't a notebook, or when a marker is malformed, doubled or
    missing: numbers run from 1 without a gap.
    """
    found: dict[int, AnswerLine] = {}
    for cell_number, cell in enumerate(_cells(reference), start=1):
        if cell["cell_type"] != "code":
            continue
        for answer in find_answers(_source(cell), cell_number):
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


def notebook_text(notebook: dict[str, Any]) -> str:
    """Return the notebook as the text of its file, written as nbformat writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the notebook's cells."""
    cells = notebook.get("cells")
    if notebook.get("nbformat") != 4 or not isinstance(cells, list):
        raise AssignmentError("the solved notebook isn't a notebook of nbformat 4")
    return cells


def _source(cell: dict[str, Any]) -> str:
    """Return the cell's text, which a file holds as one string or as a list of lines."""
    source = cell["source"]
    return str(source if isinstance(source, str) else "".join(source)).replace("\r\n", "\n")


def _clean(number: int, cell: dict[str, Any]) -> dict[str, Any]:
    """Return the student's version of one cell."""
    metadata = cell.get("metadata", {})
    clean: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": cell.get("id", f"cell-{number}"),
        "metadata": {key: metadata[key] for key in _KEPT_METADATA if key in metadata},
        "source": _source(cell).splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        clean["source"] = blanked(_source(cell)).splitlines(keepends=True)
        clean |= {"execution_count": None, "outputs": []}
    elif "attachments" in cell:
        clean["attachments"] = cell["attachments"]
    return clean
