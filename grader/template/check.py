"""Finds what is wrong with a template's file: it is stale, lost a marker, or shows an answer."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import AssignmentError
from grader.notebook.answer_marks import MarkedAnswer, find_answers
from grader.template.build import (
    answers,
    is_manual_answer,
    load_notebook,
    notebook_text,
    student_notebook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from grader.assignment import Assignment

# An answer of fewer words and signs, such as "w", would be found in any text.
_SHORTEST = 3
# Nor is a line of a block telling that has less, such as "for x in y:".
_SHORTEST_OF_BLOCK = 6
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a template, and lines that show it."""

    message: str
    lines: tuple[str, ...] = ()


def problems(assignment: Assignment) -> list[Problem]:
    """Return what is wrong with an assignment's template; its score is not looked at.

    Raises ``AssignmentError`` when no template can be built to compare it with.
    """
    built = student_notebook(assignment)
    path = assignment.template
    if not path.is_file():
        return [Problem("there is no such file: grade template build writes it")]
    try:
        template = load_notebook(path)
    except AssignmentError as error:
        return [Problem(error.message)]
    solved = load_notebook(assignment.reference)
    lost = _lost_markers(template, built, solved, assignment.marker)
    found = [*lost, *_leaks(template, built, solved)]
    text = path.read_text(encoding="utf-8")
    if text != notebook_text(built):
        found.append(_stale(template, built, assignment))
    return found


def _stale(template: NotebookNode, built: NotebookNode, assignment: Assignment) -> Problem:
    """Return the difference to the template as it should be, as a diff of cells."""
    message = f"is stale: {assignment.reference.name} and the rubric give another one"
    names = ("as it is", "as it should be")
    lines = list(
        difflib.unified_diff(_readable(template), _readable(built), *names, n=2, lineterm="")
    )
    return Problem(message, tuple(lines) or ("The same cells, but the file is written otherwise.",))


def _readable(notebook: NotebookNode) -> list[str]:
    """Return a notebook as lines: for each cell a heading, its metadata and outputs, its source."""
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    lines = [f"notebook {_short(rest)}"]
    shown = ("cell_type", "id", "source")
    for number, cell in enumerate(notebook.cells, start=1):
        lines.append(f"cell {number}: {cell.cell_type} {cell.get('id', 'without an id')}")
        more = {key: value for key, value in cell.items() if value and key not in shown}
        if more:
            lines.append(f"  with {_short(more)}")
        lines += [f"  {line}" for line in cell.source.split("\n")]
    return lines


def _short(table: dict[str, object]) -> str:
    return json.dumps(table, sort_keys=True)[:500]


def _lost_markers(
    template: NotebookNode, built: NotebookNode, solved: NotebookNode, marker: str
) -> Iterator[Problem]:
    """Yield a problem for each blank whose marker is missing in its cell."""
    mine = {cell.get("id"): cell.source for cell in template.cells}
    pairs = zip(solved.cells, built.cells, strict=True)
    for number, (whole, wanted) in enumerate(pairs, start=1):
        if whole.cell_type != "code" or is_manual_answer(whole):
            continue
        # Several blanks of a line have one marker.
        blanks: dict[int, list[int]] = {}
        for answer in find_answers(whole.source.replace("\r\n", "\n"), number):
            blanks.setdefault(answer.line, []).append(answer.number)
        lines = wanted.source.split("\n")
        marked = [k for k, line in enumerate(lines) if marker in line]
        found = mine[wanted.id].split("\n") if wanted.id in mine else []
        matcher = difflib.SequenceMatcher(None, lines, found, autojunk=False)
        kept = {k for a, _, size in matcher.get_matching_blocks() for k in range(a, a + size)}
        for numbers, k in zip(blanks.values(), marked, strict=True):
            for blank in numbers if k not in kept else ():
                yield Problem(f"blank {blank} has lost its marker in cell {number}: {marker}")


def _leaks(template: NotebookNode, built: NotebookNode, solved: NotebookNode) -> Iterator[Problem]:
    """Yield a problem for every place in which an answer can be read."""
    given = "\n".join(cell.source for cell in built.cells if cell.cell_type == "code")
    for number, answer in answers(solved).items():
        for tokens in _telling(answer):
            yield from _shown(number, tokens, given, template)
    for place, text in _texts(template):
        if re.search(r"#\s*(?:ANSWERS?\b|END[ \t]+\d)", text):
            yield Problem(f"a marker of the solved notebook stands in {place}")


def _telling(answer: MarkedAnswer) -> Iterator[list[str]]:
    """Yield the words and signs of an answer, or of each line of a block, if they are many."""
    lines = answer.text.split("\n") if answer.block else [answer.text]
    shortest = _SHORTEST_OF_BLOCK if answer.block else _SHORTEST
    seen: set[str] = set()
    for line in lines:
        tokens = [] if line.lstrip().startswith("#") else _TOKEN.findall(line)
        if len(tokens) >= shortest and line.strip() not in seen:
            seen.add(line.strip())
            yield tokens


def _shown(number: int, tokens: list[str], given: str, template: NotebookNode) -> Iterator[Problem]:
    """Yield a problem for every place in which some code of an answer can be read."""
    written = re.compile(r"(?<!\w)" + r"\s*".join(map(re.escape, tokens)) + r"(?!\w)")
    # The given code may hold the same text elsewhere.
    spare = len(written.findall(given))
    for place, text in _texts(template):
        count = len(written.findall(text))
        if place.endswith("(code)"):
            count, spare = max(count - spare, 0), max(spare - count, 0)
        if count:
            yield Problem(f"the answer of blank {number} can be read in {place}")


def _texts(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield each text of a notebook with a name for its place."""
    for number, cell in enumerate(notebook.cells, start=1):
        kind = "code" if cell.cell_type == "code" else "text"
        yield f"cell {number} ({kind})", cell.source
        for key in ("outputs", "metadata", "attachments"):
            yield f"cell {number} ({key})", _joined(cell.get(key))
    yield "the notebook's metadata", _joined(notebook.get("metadata"))


def _joined(value: object) -> str:
    """Return all texts within plain data, keys too; the items of a list are joined."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_joined(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "".join(_joined(item) for item in value)
    return ""
