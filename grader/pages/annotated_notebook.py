"""A student's notebook as one that is safe to open, and with the findings below their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

from grader import points
from grader.pages.late import late_notice
from grader.pages.mark import NOTEBOOK_MARK
from grader.pages.markdown import LONGEST_CELL, as_markdown, fenced
from grader.pages.outputs import Budget, kept_attachments, kept_outputs, raw_cells
from grader.pages.views import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbformat import NotebookNode

    from grader.classroom import Graded
    from grader.notebook.read import Cell
    from grader.pages.notes import Note
    from grader.pages.views import CheckRow, Stretch

_MOST_TEXT = 150_000  # characters of all Markdown and raw cells
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py"},
}


def sanitised(graded: Graded, data: bytes | None) -> NotebookNode:
    """Return the student's cells as a notebook of format 4.5 without anything that runs or loads.

    Code stays as it is. Outputs and attachments are those of ``data``, the file that was graded,
    as far as ``grader.pages.outputs`` keeps them. Long texts are cut. Each cell's metadata hold its
    ``number``, and what was ``left_out``: outputs of code, characters of text.
    """
    raw = raw_cells(data) if data is not None else []
    budget, room = Budget(), _MOST_TEXT
    taken: set[str] = set()
    cells = []
    for cell in graded.cells:
        given = raw[cell.number - 1] if cell.number <= len(raw) else {}
        more: dict[str, Any] = {}
        source, left_out = cell.text, 0
        if cell.kind == "code":
            outputs, left_out = kept_outputs(given, budget)
            more = {"outputs": outputs, "execution_count": None}
        else:
            source = source[: min(LONGEST_CELL, room)]
            room -= len(source)
            left_out = len(cell.text) - len(source)
            attached = kept_attachments(given, budget) if cell.kind == "markdown" else {}
            more = {"attachments": attached} if attached else {}
        about = {"number": cell.number, "left_out": left_out}
        cells.append(_cell(cell.kind, _id(cell, taken), source, about) | more)
    return notebook_of(cells)


def notebook_of(cells: list[Any]) -> NotebookNode:
    """Return cells as a notebook."""
    # Not nbformat.v4.new_notebook and its like: each validates what it makes, milliseconds a cell.
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": cells}
    notebook: NotebookNode = nbformat.from_dict(whole)
    return notebook


def notebook_text(graded: Graded, notebook: NotebookNode, left_out: Iterable[str] = ()) -> str:
    """Return the text of an ``.ipynb`` file: points first, findings below their cells."""
    rows, shown = views(graded)
    below = {
        cell.number: [(note, stretch) for stretch in cell.stretches for note in stretch.notes]
        for cell in shown
    }
    cells = [_ours("points", "\n\n".join([_head(graded, rows), *left_out]))]
    for cell in notebook.cells:
        number, missing = cell.metadata.number, cell.metadata.left_out
        cells.append({**cell, "metadata": {}})
        if missing:
            what = "outputs" if cell.cell_type == "code" else "characters"
            cells.append(_ours(f"left-out-{number}", f"*left out here: {missing} {what}*"))
        cells += [_ours(f"note-{n.number}", _note(n, about)) for n, about in below.get(number, ())]
    annotated = notebook_of(cells)
    annotated.metadata.update(NOTEBOOK_MARK)
    nbformat.validate(annotated)
    return f"{nbformat.writes(annotated)}\n"


def _id(cell: Cell, taken: set[str]) -> str:
    """Return the cell's own id if it has one that is no other's, else one from its number."""
    own = cell.id if cell.id not in taken and not (cell.id or "").startswith("grader-") else None
    id_ = own or f"grader-cell-{cell.number}"
    taken.add(id_)
    return id_


def _ours(name: str, text: str) -> dict[str, Any]:
    # `tags` are what Jupyter shows and nbconvert filters by.
    return _cell("markdown", f"grader-{name}", text, {"tags": ["grader"]})


def _cell(kind: str, id_: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": kind, "id": id_, "metadata": metadata, "source": source}


def _head(graded: Graded, rows: list[CheckRow]) -> str:
    """Return the points, the checks, and the findings that have no line."""
    score, most = (points.points(x) for x in (graded.score, graded.report.max_score))
    lines = [
        f"# {as_markdown(graded.student.shown[:120])}: {score} / {most} points",
        "| check | points | |\n| --- | --- | --- |",
    ]
    for row in rows:
        words = as_markdown(" ".join(f"{row.look.words}. {row.summary}".split()))
        lines[-1] += f"\n| {as_markdown(row.title)} | {row.score} / {row.most} | {words} |"
    if graded.override is not None:
        lines.append(f"**Decided by hand:** {as_markdown(graded.override.reason[:1000])}")
    late = late_notice(graded)
    if late is not None:
        lines.append(f"**{as_markdown(late.heading)}:** {as_markdown(' '.join(late.sentences))}")
    lines += [_words(note) for row in rows for note in row.inside]
    return "\n\n".join(lines)


def _note(note: Note, about: Stretch) -> str:
    """Return a finding below its cell, with the lines that it is about."""
    texts = ["".join(p.text for p in (*line.margin, *line.pieces)) for line in about.lines]
    return f"{_words(note)}\n\n{fenced(chr(10).join(texts), 'python')}"


def _words(note: Note) -> str:
    """Return what is said of a finding, in the words of the student's page."""
    titles = as_markdown(" · ".join([*note.titles, *([note.place] if note.place else [])]))
    parts = [f"**{titles}**", f"**{as_markdown(' '.join(note.heading.split()))}**"]
    parts.append(as_markdown(note.message))
    parts += [f"{as_markdown(label)}: {as_markdown(value)}" for label, value in note.values]
    parts += [as_markdown(note.why), f"**Hint** {as_markdown(note.hint)}" if note.hint else ""]
    return "\n\n".join(part for part in parts if part)


def shown_cells(graded: Graded, notebook: NotebookNode, most: int) -> Iterator[NotebookNode]:
    """Yield the first cells of a notebook, and of the rest those with a finding."""
    _, found = views(graded)
    wanted = {cell.number for cell in found}
    for cell in notebook.cells:
        if cell.metadata.number <= most or cell.metadata.number in wanted:
            yield cell
