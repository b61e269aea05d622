"""Tells whether a notebook moves its model to a device, and to which, as its author wrote it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_MOVES = frozenset({"to", "cuda", "set_default_device", "set_default_tensor_type"})
_CPU, _GPU = "cpu", "cuda"


def said_where_it_moves(remark: Remark, submission: Submission) -> bool:
    """Say whether a remark on devices is true of a notebook: its model is where it was said to be.

    A model that is never moved stays on the processor, and one that is moved to a GPU by name is
    on no other device.
    """
    moves = list(_moves(submission))
    if remark.facts.get("device") == _CPU and moves:
        return not all(_names_gpu(node) for node in moves)
    return bool(moves)


def _moves(submission: Submission) -> Iterator[ast.Call]:
    """Yield the calls that may move the model, by itself or in a function that uses it."""
    names = {*submission.roles.names("model"), *submission.roles.names("model_class")}
    for statement in submission.code.statements:
        about = names & (statement.binds | statement.needs)
        defined = bool(about) and isinstance(statement.node, DEFINITIONS)
        for node in walk(statement.node):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            called = node.func.attr
            default = called.startswith("set_default")
            if called in _MOVES and (default or defined or _root(node.func.value) in names):
                yield node


def _root(node: ast.expr) -> str:
    """Return the name that a chain of calls and attributes begins with, as in ``Net().train()``."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _names_gpu(call: ast.Call) -> bool:
    texts = (getattr(node, "value", None) for argument in call.args for node in walk(argument))
    named = any(isinstance(text, str) and text.startswith(_GPU) for text in texts)
    return named or (isinstance(call.func, ast.Attribute) and call.func.attr == _GPU)
