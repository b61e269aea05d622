"""Cuts a marimo notebook into cells: functions of one file, which are taken apart as syntax.

marimo's own reader is no public function and comes with a web server.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING

from grader.errors import NotebookError
from grader.notebook.bounds import check_amount, refuse_much
from grader.notebook.text.pieces import TextPiece

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMPORT = re.compile(r"import marimo\b")
_CELL = re.compile(r"@app\.(?:cell|function|class_definition)\b")
_HINT = (
    "Export it from marimo as .ipynb (marimo export ipynb FILE -o FILE.ipynb) and use that file."
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_marimo(lines: list[str]) -> bool:
    """Whether a script is a marimo notebook."""
    return any(map(_IMPORT.match, lines)) and any(map(_CELL.match, lines))


def marimo_pieces(lines: list[str], name: str) -> list[TextPiece]:
    """Return a marimo notebook's pieces; the lines of cells are moved to the margin, in place.

    Raises ``NotebookError`` for a file that is not Python, or holds too much of it.
    """
    text = "\n".join(lines)
    refuse_much([text], name)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise NotebookError(
            f"{name} is a marimo notebook, and its line {error.lineno} is not valid Python", _HINT
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise NotebookError(f"{name} is a marimo notebook that cannot be read", _HINT) from None
    check_amount(tree, len(text))
    return [piece for node in tree.body for piece in _pieces(node, lines)]


def _pieces(node: ast.stmt, lines: list[str]) -> Iterator[TextPiece]:
    last = node.end_lineno or node.lineno
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        kinds = {_named(one) for one in node.decorator_list}
        if "cell" in kinds:
            yield _body(node.body, last, lines)
        elif kinds & {"function", "class_definition"}:
            yield TextPiece("code", node.lineno - 1, last)
    elif isinstance(node, ast.With) and "setup" in {_named(i.context_expr) for i in node.items}:
        yield _body(node.body, last, lines)
    elif isinstance(node, ast.Expr) and _named(node.value) == "_unparsable_cell":
        given = node.value.args[:1] if isinstance(node.value, ast.Call) else []
        yield from (_unparsable(text, lines) for text in given)


def _unparsable(text: ast.expr, lines: list[str]) -> TextPiece:
    """Return what is not Python: it stands in a string, between the lines of its quotes."""
    first, last = text.lineno, (text.end_lineno or text.lineno) - 1
    value = text.value if isinstance(text, ast.Constant) else None
    meant = value.split("\n") if isinstance(value, str) else []
    if len(meant) == last - first + 2:
        lines[first:last] = meant[1:-1]  # without what its quotes need: \"\"\"
    return _moved(first, max(first, last), lines)


def _named(node: ast.expr) -> str:
    """Return what of ``app`` an expression names or calls."""
    called = node.func if isinstance(node, ast.Call) else node
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr if called.value.id == "app" else ""
    return ""


def _body(body: list[ast.stmt], last: int, lines: list[str]) -> TextPiece:
    """Return the body of a function without what marimo writes at its end: what it returns."""
    first = body[0].lineno - 1
    text = _markdown(body[0]) if all(isinstance(one, ast.Return) for one in body[1:]) else None
    if text is not None:
        return TextPiece("markdown", first, last, text=text)
    # Comments above the first statement belong to the cell.
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    if isinstance(body[-1], ast.Return):
        for number in range(body[-1].lineno - 1, last):
            lines[number] = ""
    return _moved(first, last, lines)


def _markdown(node: ast.stmt) -> str | None:
    """Return the text of a cell that shows Markdown: ``mo.md("…")``."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    text = call.args[0] if len(call.args) == 1 and call.func.attr == "md" else None
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return inspect.cleandoc(text.value)
    return None


def _moved(first: int, last: int, lines: list[str]) -> TextPiece:
    for number in range(first, last):
        lines[number] = lines[number].removeprefix("    ")
    return TextPiece("code", first, last)
