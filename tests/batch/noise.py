"""The same program as another student would have it: other layout, comments, cells, outputs."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grader.assignment.model import MARKER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

# Kind and source, as a student sees a cell.
Cell = tuple[str, str]

_REMARKS = ("# todo", "# 여기를 채웠다", "# why?", "# see the lecture, slide 12", "# 이게 맞나?")
_NOTES = ("## My notes", "여기서부터 내가 쓴 것", "![](https://tracker.example/pixel.png)", "")
_EXTRA = ("scratch_1 = [n * n for n in range(7)]", "print('done')", "!nvidia-smi", "%timeit 1 + 1")


def noisy(cells: Sequence[Cell], rng: Random) -> list[Cell]:
    """Return cells with the same code in another shape."""
    shaped = [(kind, _shaped(text, rng) if kind == "code" else text) for kind, text in cells]
    if rng.random() < 0.4:
        shaped = _split(shaped, rng)
    if rng.random() < 0.3:
        shaped = _merged(shaped, rng)
    if rng.random() < 0.2:
        shaped = [cell for cell in shaped if cell[0] == "code"]
    for kind, texts in (("markdown", _NOTES), ("code", _EXTRA)):
        if rng.random() < 0.4:
            shaped.insert(rng.randrange(len(shaped) + 1), (kind, rng.choice(texts)))
    return shaped


def saved(cells: Sequence[Cell], rng: Random) -> bytes:
    """Return a notebook file with these cells, three in four of them with a run's outputs."""
    minor = rng.choice((2, 4, 5))
    ran = rng.random() < 0.75
    plain: list[dict[str, Any]] = []
    for number, (kind, text) in enumerate(cells):
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text}
        if rng.random() < 0.5:
            cell["source"] = text.splitlines(keepends=True)
        if kind == "code":
            cell["outputs"] = _outputs(text, rng) if ran else []
            cell["execution_count"] = number + 1 if ran else None
        if minor == 5:
            cell["id"] = f"{rng.randrange(1 << 32):08x}"
        plain.append(cell)
    notebook = {"cells": plain, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(notebook, ensure_ascii=rng.random() < 0.5).encode()


def _outputs(source: str, rng: Random) -> list[dict[str, Any]]:
    """Return what the training cell prints: losses and accuracies that never come out twice."""
    if ".backward()" not in source and "for epoch in" not in source:
        return []
    lines = [
        f"epoch {epoch}: loss {rng.random():.6f}, train_accr {rng.random():.6f}, "
        f"test_accr {rng.random():.6f}\n"
        for epoch in range(5)
    ]
    return [{"output_type": "stream", "name": "stdout", "text": lines}]


def _shaped(source: str, rng: Random) -> str:
    change: list[Callable[[str, Random], str]] = [_relaid, _commented, _spaced]
    for one in change:
        if rng.random() < 0.3 and _parses(source):
            source = one(source, rng)
    return source


def _relaid(source: str, _rng: Random) -> str:
    """Return the code as a formatter lays it out; a marker that is a comment has to stay."""
    return source if MARKER in source else ast.unparse(ast.parse(source))


def _commented(source: str, rng: Random) -> str:
    """Return the code with remarks at the ends of some statements."""
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line = token.start[0] - 1
        if token.type == tokenize.NEWLINE and "#" not in lines[line] and rng.random() < 0.2:
            lines[line] += f"  {rng.choice(_REMARKS)}"
    return "\n".join(lines)


def _spaced(source: str, rng: Random) -> str:
    """Return the code with empty lines, and spaces at some ends, between statements."""
    ends = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.NEWLINE
    }
    lines = []
    for number, line in enumerate(source.split("\n"), start=1):
        lines.append(line)
        if number in ends and rng.random() < 0.15:
            lines.append(rng.choice(("", "", "    ")))
    return "\n".join(lines)


def _split(cells: list[Cell], rng: Random) -> list[Cell]:
    """Return the cells with one cut in two between statements."""
    number = rng.randrange(len(cells))
    kind, source = cells[number]
    if kind != "code" or not _parses(source):
        return cells
    statements = ast.parse(source).body
    if len(statements) < 2:
        return cells
    cut = statements[rng.randrange(len(statements) - 1)].end_lineno
    lines = source.split("\n")
    first, second = "\n".join(lines[:cut]), "\n".join(lines[cut:])
    if not (_parses(first) and _parses(second)):  # two statements on one line
        return cells
    return [*cells[:number], (kind, first), (kind, second), *cells[number + 1 :]]


def _merged(cells: list[Cell], rng: Random) -> list[Cell]:
    """Return the cells with two neighbours in one; what is between them goes."""
    places = [n for n, (kind, text) in enumerate(cells) if kind == "code" and _parses(text)]
    pairs = [
        (one, other)
        for one, other in pairwise(places)
        if all(cells[n][0] != "code" for n in range(one + 1, other))
    ]
    if not pairs:
        return cells
    one, other = rng.choice(pairs)
    joined = f"{cells[one][1]}\n\n{cells[other][1]}"
    return [*cells[:one], ("code", joined), *cells[other + 1 :]]


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
