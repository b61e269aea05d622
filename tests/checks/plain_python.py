"""Writes small assignments of plain Python functions and classes, and notebooks for them."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = """\
id = "plain"
title = "plain"
notebook = "plain.ipynb"
"""
_PART = """
[[parts]]
id = "{name}"
title = "{name}"
kind = "{kind}"
name = "{name}"

[[blanks]]
number = {number}
part = "{name}"
title = "what {name} gives"
kind = "expression"
patterns = ["answer{number} = __"]
anchor = 'answer{number}\\s*='
neutral = "answer{number} = None"

[[checks]]
id = "{name}"
title = "{name}"
kind = "calls"
points = 10
parts = ["{name}"]
blanks = [{number}]
seconds = 20
processor_seconds = 5
{options}
"""
# One function that returns, and one that prints and raises.
SMALL = {
    "evens": (
        """
        def evens(numbers):
            answer1 = [n for n in numbers if n % 2 == 0]  # ANSWER
            return answer1
        """,
        'cases = ["[1, 2, 3, 4]", "[]"]\ndrawn = [{ of = "list of int" }]',
    ),
    "shout": (
        """
        def shout(text):
            answer2 = {"said": (text.upper(), len(text))}  # ANSWER
            print(text)
            return answer2
        """,
        'cases = ["\'yes\'", "None"]',
    ),
}


def notebook(cells: list[str]) -> dict[str, Any]:
    """Return a notebook of code cells."""
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return {
        "cells": [code | {"source": dedent(text).strip() + "\n"} for text in cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }


def write_assignment(folder: Path, solved: dict[str, tuple[str, str]]) -> Path:
    """Write an assignment of parts by name, each with its solved source and its check's options.

    The source's ``ANSWER`` stands for a line that holds the part's blank.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rubric, cells = _HEAD, []
    for number, (name, (source, options)) in enumerate(solved.items(), start=1):
        kind = "class" if source.lstrip().startswith("class") else "function"
        rubric += _PART.format(name=name, kind=kind, number=number, options=options)
        cells.append(source.replace("# ANSWER", f"# ANSWER {number}"))
    (folder / "assignment.toml").write_text(rubric, encoding="utf-8")
    text = json.dumps(notebook(cells))
    (folder / "plain.ipynb").write_text(text, encoding="utf-8")
    return folder
