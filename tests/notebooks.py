"""Notebooks for tests: the solved one, changed the way students change theirs."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from grader.template import with_answer, without_markers

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "reference" / "mlp" / "mlp.ipynb"
TEMPLATE = ROOT / "student_templates" / "mlp.ipynb"

BLANKS = {
    1: "self.xdim, self.hdim",
    2: "self.hdim, self.ydim",
    3: "batch_in.view(-1, 28*28).to(device)",
    4: "y_pred == y_trgt",
    5: "optm.zero_grad()",
    6: "loss_out.backward()",
    7: "optm.step()",
}


def solved(name: str = "mlp") -> dict[str, Any]:
    """The solved notebook without its answer markers, as a student would hand it in."""
    path = ROOT / "reference" / name / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = without_markers(text(cell))
    return notebook


def template(name: str = "mlp") -> dict[str, Any]:
    path = ROOT / "student_templates" / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def code(cells: list[str], **metadata: Any) -> dict[str, Any]:
    """A notebook of format 4.4, without cell ids, from the sources of its code cells."""
    return {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": metadata,
        "cells": [
            {
                "cell_type": "code",
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for source in cells
        ],
    }


def sources(notebook: dict[str, Any]) -> list[str]:
    return [text(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def cell(notebook: dict[str, Any], containing: str) -> dict[str, Any]:
    """The one code cell that contains a text."""
    found = [c for c in notebook["cells"] if c["cell_type"] == "code" and containing in text(c)]
    assert len(found) == 1, f"{containing!r} stands in {len(found)} cells"
    return found[0]


MODEL, EVALUATION, TRAINING = "class MultiLayerPerceptronClass", "def func_eval", "for epoch in"


def changed(find: str, replace: str, start: dict[str, Any] | None = None) -> dict[str, Any]:
    """The solved notebook with one piece of code replaced, which must be there exactly once."""
    notebook = copy.deepcopy(start) if start is not None else solved()
    target = [c for c in notebook["cells"] if c["cell_type"] == "code" and find in text(c)]
    assert len(target) == 1, f"{find!r} stands in {len(target)} cells"
    source = text(target[0])
    assert source.count(find) == 1, f"{find!r} stands {source.count(find)} times"
    target[0]["source"] = source.replace(find, replace)
    return notebook


def filled(answers: dict[int, str]) -> dict[str, Any]:
    """The template with some blanks filled in, the markers gone there."""
    notebook = json.loads(REFERENCE.read_text(encoding="utf-8"))
    for number, answer in answers.items():
        for c in notebook["cells"]:
            if c["cell_type"] == "code" and f"# ANSWER {number}" in text(c):
                c["source"] = with_answer(text(c), number, answer)
    for c in notebook["cells"]:
        if c["cell_type"] == "code":
            c["source"] = without_markers(text(c))
    return notebook


def write(notebook: dict[str, Any], folder: Path, name: str = "submission.ipynb") -> Path:
    path = folder / name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
