"""Finds a line above the loop, in its cell, that uses a name which the notebook never makes."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.notebook.syntax import COMPREHENSIONS, DEFINITIONS, children, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.grading.submission import Submission
    from grader.locate.statements import Code

CODE = "stops_before_the_loop"
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign)
# What is carried out only sometimes, later, or never.
_SOMETIMES = (*DEFINITIONS, *COMPREHENSIONS, ast.Lambda, ast.IfExp, ast.BoolOp)
# What may bind names that no statement shows.
_HIDDEN = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr", "run_line_magic"})
_NOTEBOOK = re.compile(r"get_ipython|display|exit|quit|In|Out|_\w*")
_MAGIC = re.compile(
    r"^\s*%{1,2}(?:run|load|pylab|cython|capture|store|R|bigquery|sql)\b", re.MULTILINE
)


def stopped_before_the_loop(submission: Submission, check: Check) -> Remark | None:
    """Return the remark on the first such line: its cell stops there, and the loop never runs."""
    code = submission.code
    loops = [submission.parts[name] for name in check.parts if name in submission.parts]
    own = [s for part in loops if part.part.kind == "loop" for s in part.statements]
    running = [s for s in own if not isinstance(s.node, DEFINITIONS)]
    if not running or _binds_unseen(code):
        return None
    known = {name for statement in code.statements for name in statement.binds}
    texts = " ".join(text.text for text in code.broken)
    for statement in code.statements:
        before = statement.cell == running[0].cell and statement.order < running[0].order
        if not before or not isinstance(statement.node, _SIMPLE):
            continue
        for name, line in _names(statement.node):
            usual = hasattr(builtins, name) or _NOTEBOOK.fullmatch(name)
            if name not in known and not usual and not re.search(rf"\b{name}\b", texts):
                return Remark(CODE, facts={"name": name}, at=(statement.cell, line))
    return None


def _binds_unseen(code: Code) -> bool:
    if any(_MAGIC.search(source) for source in code.cells.values()):
        return True
    return any(
        (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
        or (isinstance(node, ast.Name) and node.id in _HIDDEN)
        or (isinstance(node, ast.Attribute) and node.attr in _HIDDEN - {"eval"})
        or isinstance(node, ast.Global)
        for statement in code.statements
        for node in walk(statement.node)
    )


def _names(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names that a statement reads whenever it is carried out, each with its line."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id, node.lineno
    for child in children(node):
        if not isinstance(child, _SOMETIMES):
            yield from _names(child)
