"""Finds lines of a part by what stands in them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.grading.given_code import says_nothing
from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Mistake
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

# Functions of PyTorch that change nothing, and return what they compute.
_RETURNING = frozenset(
    {
        *("relu", "gelu", "leaky_relu", "elu", "silu", "sigmoid", "tanh", "softmax", "log_softmax"),
        *("view", "reshape", "flatten", "to", "float", "dropout", "normalize", "layer_norm"),
    }
)


def written_line(mistake: Mistake | None, part: LocatedPart, submission: Submission) -> int | None:
    """Return the line of the part that has the text of the listed mistake's edit."""
    lines = [bare(line) for line in submission.code.lines(part.cell)[part.first - 1 : part.last]]
    for edit in mistake.edits if mistake is not None else ():
        if edit.part != part.part.id:
            continue
        given = {bare(line) for line in (edit.find or "").splitlines()}
        for text in (bare(line) for line in edit.text.splitlines()):
            if not text or text == "pass" or text in given:
                continue
            kept = [line for line in given if text in line]
            for number, line in enumerate(lines, start=part.first):
                if text in line and not any(whole in line for whole in kept):
                    return number
    return None


def bare(line: str) -> str:
    """Return a line of code without its spaces, in which two spellings of it may differ."""
    return "".join(line.split())


def last_return(part: LocatedPart) -> int | None:
    """Return the line of the last ``return`` of the part's own function."""
    found = [node.lineno for node in _own_nodes(part) if isinstance(node, ast.Return)]
    return max(found, default=None)


def _own_nodes(part: LocatedPart) -> Iterator[ast.AST]:
    todo = list(getattr(part.statements[0].node, "body", ())) if part.statements else []
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo.extend(ast.iter_child_nodes(node))


def method_lines(part: LocatedPart, name: str) -> tuple[int, int] | None:
    """Return the first and last line of a method of the part's class."""
    for node in getattr(part.statements[0].node, "body", ()) if part.statements else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node.lineno, node.end_lineno or node.lineno
    return None


def other_line(
    part: LocatedPart, first: int, last: int, same: frozenset[tuple[int, int]]
) -> int | None:
    """Return the statement of a method that the solved notebook has not, if it has some.

    Of several it is one whose result is lost, else one that calls a function of which the other
    lines know nothing, else the first.
    """
    nodes = walk(part.statements[0].node) if part.statements and same else ()
    within = [
        node
        for node in nodes
        if isinstance(node, ast.stmt) and not says_nothing(node) and first < node.lineno <= last
    ]
    others = sorted(
        (node for node in within if (part.cell, node.lineno) not in same),
        key=lambda node: node.lineno,
    )
    usual = {name for node in within if node not in others for name in _functions(node)}
    ranked = [
        [node for node in others if _loses(node)],
        [node for node in others if not hasattr(node, "body") and _functions(node) - usual],
        others,
    ]
    return next((found[0].lineno for found in ranked if found), None)


def _functions(node: ast.AST) -> set[str]:
    """Return the names of what is called in a node, but for what the class itself has."""
    calls = [dotted(part.func) for part in walk(node) if isinstance(part, ast.Call)]
    return {name.rpartition(".")[2] for name in calls if not name.startswith("self.")} - {""}


def _loses(node: ast.stmt) -> bool:
    """Whether a statement computes something and keeps nothing of it."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or any(k.arg == "inplace" for k in call.keywords):
        return False
    return dotted(call.func).rpartition(".")[2] in _RETURNING


def setting_lines(name: str, part: LocatedPart) -> tuple[int, int, int] | None:
    """Return the line of the last statement of a class that sets an attribute of ``self``.

    With it come the first and the last line of that statement.
    """
    found = [
        node
        for node in (walk(part.statements[0].node) if part.statements else ())
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == name
    ]
    if not found:
        return None
    node = max(found, key=lambda node: node.lineno)
    first, last = node.lineno, node.end_lineno or node.lineno
    # A call over several lines ends in what makes a tuple of it.
    return (last if isinstance(node.value, ast.Tuple) else first), first, last
