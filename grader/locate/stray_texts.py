"""Finds text around the parts that is no Python: it keeps all of its cell from running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.notebook.newer_syntax import may_be_newer

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.locate.statements import Code
    from grader.locate.texts import SyntaxProblem

_Lines = tuple[int, int, int]  # cell, first and last line


def stray_texts(code: Code, parts: Collection[_Lines]) -> dict[int, SyntaxProblem]:
    """Return the first problem of each cell with text outside ``parts`` that does not parse.

    What does not parse inside a part is that part's own matter. Text that a newer Python may read
    is none of it.
    """
    found: dict[int, SyntaxProblem] = {}
    for text in code.broken:
        mine = any(
            cell == text.cell and first <= text.last and text.first <= last
            for cell, first, last in parts
        )
        if not mine and not may_be_newer(text.problem.message, code.python):
            found.setdefault(text.problem.cell or text.cell, text.problem)
    return found
