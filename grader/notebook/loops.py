"""Finds the loop that trains, at the top level, in a function or in a class, and what runs it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment.model import Part
    from grader.notebook.roles import Roles
    from grader.notebook.statements import Code, Statement

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
# What only training does, whatever a notebook calls its things: PyTorch's own names.
_UPDATES = frozenset({"backward", "step", "zero_grad"})


def trains(part: Part, node: ast.stmt, roles: Roles, code: Code) -> bool:
    """Whether a statement is or holds a loop over the training batches that trains.

    A loop counts that runs over the batches, or over an argument or an attribute that may hold
    them, and in which the updates are made, by itself or by a function of the notebook's.
    """
    if isinstance(node, ast.ClassDef):
        return any(_UPDATES & _reached(loop, code) for _, loop in _method_loops(node))
    loops = list(_loops(node))
    if not loops:
        return False
    batches = set(roles.names(part.iterates))
    calls = set(part.calls)
    if isinstance(node, _FUNCTIONS):
        batches |= {a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]}
        if "eval" in called(node) and not called(node) & _UPDATES:
            return False
    batches |= _made_from(batches, [node, *(s.node for s in code.statements)])
    for read, loop in loops:
        reached = _reached(loop, code)
        # A loop in which gradients are computed trains, whatever it runs over.
        if "backward" in reached or (read & batches and calls & reached):
            return True
    return False


def callers(statement: Statement, code: Code) -> tuple[Statement, ...]:
    """Return the last top-level statement that runs the loop's function or method, if one does."""
    node = statement.node
    if isinstance(node, ast.ClassDef):
        methods = {
            method.name for method, loop in _method_loops(node) if _UPDATES & _reached(loop, code)
        }
        for method in [*node.body, *node.body]:
            if isinstance(method, ast.FunctionDef) and methods & called(method):
                methods.add(method.name)
        running = [s for s in _loose(code) if methods & called(s.node)]
        return tuple(running[-1:])
    if not isinstance(node, _FUNCTIONS):
        return ()
    wanted = {node.name}
    for other in code.statements:
        if isinstance(other.node, _FUNCTIONS) and wanted & other.needs:
            wanted.add(other.node.name)
    running = [s for s in _loose(code) if wanted & s.needs]
    return tuple(running[-1:])


def called(node: ast.AST) -> set[str]:
    """Return the last names of everything called, or merely named as a method, below ``node``."""
    names = {dotted(n.func).rpartition(".")[2] for n in walk(node) if isinstance(n, ast.Call)}
    return names | {n.attr for n in walk(node) if isinstance(n, ast.Attribute)}


def _made_from(names: set[str], nodes: list[ast.stmt]) -> set[str]:
    """Return the names given to something made of ``names``: ``bar = tqdm(train_iter)``."""
    found: set[str] = set()
    for node in nodes:
        assignments = walk(node) if node is nodes[0] else [node]
        for part in assignments:
            if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
                given = [n for argument in part.value.args for n in walk(argument)]
                if {n.id for n in given if isinstance(n, ast.Name)} & (names | found):
                    found |= {t.id for t in part.targets if isinstance(t, ast.Name)}
    return found


def _reached(node: ast.AST, code: Code) -> set[str]:
    """Return what is called below ``node``, one level of the notebook's own functions included."""
    names = called(node)
    for statement in code.statements:
        if isinstance(statement.node, _FUNCTIONS) and statement.node.name in names:
            names |= called(statement.node)
    return names


def _loops(node: ast.AST) -> Iterator[tuple[set[str], ast.AST]]:
    """Yield each loop below ``node`` with the names in its head."""
    for loop in walk(node):
        if isinstance(loop, (ast.For, ast.While)):
            head = loop.iter if isinstance(loop, ast.For) else loop
            yield {n.id for n in walk(head) if isinstance(n, ast.Name)}, loop


def _method_loops(node: ast.ClassDef) -> Iterator[tuple[ast.FunctionDef, ast.AST]]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            for _, loop in _loops(method):
                yield method, loop


def _loose(code: Code) -> list[Statement]:
    """Return the statements that are no definitions."""
    return [s for s in code.statements if not isinstance(s.node, _DEFINITIONS)]
