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
        named = _gpu_names(submission)
        return not all(_names_gpu(node, named) for node in moves)
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


def _gpu_names(submission: Submission) -> set[str]:
    """Return the names that a notebook gives to a GPU and to nothing else: ``device = 'cuda'``."""
    gpu: set[str] = set()
    other: set[str] = set()
    for statement in submission.code.statements:
        node = statement.node
        (gpu if isinstance(node, ast.Assign) and _says_gpu(node.value) else other).update(
            statement.binds
        )
    return gpu - other


def _says_gpu(expression: ast.AST) -> bool:
    if any(isinstance(node, (ast.IfExp, ast.BoolOp)) for node in walk(expression)):
        return False  # a GPU where there is one
    texts = (getattr(node, "value", None) for node in walk(expression))
    return any(isinstance(text, str) and text.startswith(_GPU) for text in texts)


def _names_gpu(call: ast.Call, gpu_names: set[str]) -> bool:
    named = any(
        _says_gpu(argument) or (isinstance(argument, ast.Name) and argument.id in gpu_names)
        for argument in call.args
    )
    return named or (isinstance(call.func, ast.Attribute) and call.func.attr == _GPU)
