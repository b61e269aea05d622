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
    One of them cannot be read by itself, or the lower one leaves what begins above; together they
    can be read. IPython takes away the indentation with which a cell begins.
    """
    if len(upper) > _LONGEST:
        return None
    line = next((n for n, text in enumerate(lower.split("\n")) if is_code(text)), None)
    if line is None or not indent(lower.split("\n")[line]):
        return None
    first = parsed_texts(upper)[-1][0] if upper.strip() else 0
    pieces = parsed_texts(upper)
    if not (_broken(lower) or _leaves(lower) or isinstance(pieces[-1][3], SyntaxProblem)):
        return None
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


def _broken(cell: str) -> bool:
    return any(isinstance(tree, SyntaxProblem) for *_, tree in parsed_texts(cell))


def _leaves(cell: str) -> bool:
    """Whether a cell returns from a function, or ends a loop, that does not begin in it."""
    for *_, tree in parsed_texts(cell):
        for statement in tree.body if isinstance(tree, ast.Module) else ():
            if isinstance(statement, (ast.Return, ast.Continue, ast.Break)):
                return True
    return False
