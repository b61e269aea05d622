"""Finds a loop that updates, at the top level, in a function or in a class, and what runs it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.names import dotted
from grader.notebook.syntax import remembered, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment.model import Part
    from grader.notebook.roles import Roles
    from grader.notebook.statements import Code, Statement

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


def updates(part: Part, node: ast.stmt, roles: Roles, code: Code) -> bool:
    """Whether a statement is or holds a loop over what the part iterates that makes its updates.

    A loop counts that runs over it, or over an argument or an attribute that may hold it, and in
    which the updates are made, by itself or by a function of the notebook's.
    """
    only_here = set(part.updates)
    if isinstance(node, ast.ClassDef):
        return any(only_here & _reached(loop, code) for _, loop in _method_loops(node))
    loops = _loops(node)
    if not loops:  # most statements: what follows looks through the whole notebook
        return False
    iterated = set(roles.names(part.iterates))
    calls = set(part.calls)
    if isinstance(node, _FUNCTIONS):
        iterated |= {
            a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        }
        if set(part.unlike) & called(node) and not called(node) & only_here:
            return False
    iterated |= _made_from(iterated, [node, *(s.node for s in code.statements)])
    for read, loop in loops:
        reached = _reached(loop, code)
        if (part.surest and part.surest in reached) or (read & iterated and calls & reached):
            return True
    return False


def callers(part: Part, statement: Statement, code: Code) -> tuple[Statement, ...]:
    """Return the last top-level statement that runs the loop's function or method, if one does."""
    node = statement.node
    if isinstance(node, ast.ClassDef):
        methods = {
            method.name
            for method, loop in _method_loops(node)
            if set(part.updates) & _reached(loop, code)
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


@remembered
def called(node: ast.AST) -> frozenset[str]:
    """Return the last names of everything called, or merely named as a method, below ``node``."""
    names = {dotted(n.func).rpartition(".")[2] for n in walk(node) if isinstance(n, ast.Call)}
    return frozenset(names | {n.attr for n in walk(node) if isinstance(n, ast.Attribute)})


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


def _reached(node: ast.AST, code: Code) -> frozenset[str]:
    """Return what is called below ``node``, one level of the notebook's own functions included.

    A function that is named only counts, too: ``map`` calls it.
    """
    names = called(node)
    named = names | _names(node)
    for statement in code.statements:
        if isinstance(statement.node, _FUNCTIONS) and statement.node.name in named:
            names |= called(statement.node)
    return names


@remembered
def _loops(node: ast.AST) -> tuple[tuple[frozenset[str], ast.AST], ...]:
    """Return each loop below ``node``, comprehensions and ``map`` too, with its head's names."""
    return tuple(_each_loop(node))


def _each_loop(node: ast.AST) -> Iterator[tuple[frozenset[str], ast.AST]]:
    for loop in walk(node):
        if isinstance(loop, (ast.For, ast.While)):
            yield _names(loop.iter if isinstance(loop, ast.For) else loop), loop
        elif isinstance(loop, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            yield frozenset().union(*(_names(part.iter) for part in loop.generators)), loop
        elif isinstance(loop, ast.Call) and dotted(loop.func) == "map" and len(loop.args) > 1:
            yield _names(loop), loop


@remembered
def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in walk(node) if isinstance(n, ast.Name))


def _method_loops(node: ast.ClassDef) -> Iterator[tuple[ast.FunctionDef, ast.AST]]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            for _, loop in _loops(method):
                yield method, loop


def _loose(code: Code) -> list[Statement]:
    """Return the statements that are no definitions."""
    return [s for s in code.statements if not isinstance(s.node, _DEFINITIONS)]
