"""Notices a cell that was split in the middle of a statement, as ``# %%`` in a loop splits it."""

from __future__ import annotations

import ast

from grader.locate.texts import SyntaxProblem, parse, parsed_texts
from grader.notebook.scan import indent, is_code

SPLIT = (
    "unexpected indent, because this cell begins in the middle of a statement of the cell above: "
    "it was split there"
)

_LONGEST = 20_000  # characters of a cell that is read again for each that may go on with it


def split_statement(upper: str, lower: str, number: int) -> tuple[int, str, SyntaxProblem] | None:
    """Return the statement that begins in one cell and ends in the next, if there is one.

    That is its first line, its whole text, and what is wrong, in cell ``number``, the lower one.
    The lower cell cannot be read by itself, and together they can.
    """
    if len(upper) > _LONGEST:
        return None
    line = next((n for n, text in enumerate(lower.split("\n")) if is_code(text)), None)
    if line is None or not indent(lower.split("\n")[line]):
        return None
    if not any(isinstance(tree, SyntaxProblem) for *_, tree in parsed_texts(lower)):
        return None
    first = parsed_texts(upper)[-1][0] if upper.strip() else 0
    pieces = parsed_texts(upper)
    if not first or indent(upper.split("\n")[first - 1]):
        return None
    last = pieces[-1][3]
    if isinstance(last, ast.Module) and last.body:
        first = last.body[-1].lineno
    text = "\n".join([*upper.split("\n")[first - 1 :], lower])
    if not isinstance(parse(text), ast.Module):
        return None
    end = len(lower.split("\n")[line].rstrip())
    return first, text, SyntaxProblem(SPLIT, line + 1, 0, end, number)
