"""Finds a loop that updates, at the top level, in a function or in a class, and what runs it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.names import called, dotted
from grader.notebook.syntax import children, remembered, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from grader.assignment.model import Part
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class _Loop:
    """A loop, comprehensions and ``map`` too: what its head names, and what is called in it."""

    iterates: bool  # whether the head names one of the things that were asked for
    reached: frozenset[str]  # of the calls that were asked for


def updates(part: Part, node: ast.stmt, roles: Roles, code: Code) -> bool:
    """Whether a statement is or holds a loop over what the part iterates that makes its updates.

    A loop counts that runs over it, or over an argument or an attribute that may hold it, and in
    which the updates are made, by itself or by a function of the notebook's.
    """
    only_here = set(part.updates)
    if isinstance(node, ast.ClassDef):
        return any(
            only_here & loop.reached
            for method in _methods(node)
            for loop in _loops(method, code, only_here)
        )
    if not _has_loops(node):  # most statements: the rest looks through the notebook
        return False
    iterated = set(roles.names(part.iterates))
    calls = set(part.calls)
    if isinstance(node, _FUNCTIONS):
        iterated |= {
            a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        }
        if set(part.unlike) & called(node) and not called(node) & only_here:
            return False
    iterated |= _made_from(iterated, node, code)
    surest = frozenset({part.surest} - {""})
    return any(
        surest & loop.reached or (loop.iterates and calls & loop.reached)
        for loop in _loops(node, code, calls | surest, iterated)
    )


def callers(part: Part, statement: Statement, code: Code) -> tuple[Statement, ...]:
    """Return the last top-level statement that runs the loop's function or method, if one does."""
    node = statement.node
    if isinstance(node, ast.ClassDef):
        wanted = set(part.updates)
        methods = {
            method.name
            for method in _methods(node)
            if any(loop.reached for loop in _loops(method, code, wanted))
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


def _made_from(names: set[str], node: ast.stmt, code: Code) -> set[str]:
    """Return the names given to something made of ``names``: ``bar = tqdm(train_iter)``."""
    known = set(names)
    for made, given in [*made_by_calls(walk(node)), *code.made]:
        if given & known:
            known |= made
    return known - names


def made_by_calls(nodes: Iterable[ast.AST]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return, for each assignment of a call, the names it binds and those in the arguments."""
    return [
        (
            frozenset(t.id for t in node.targets if isinstance(t, ast.Name)),
            frozenset(name for argument in node.value.args for name in _names(argument)),
        )
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    ]


def _loops(
    node: ast.AST, code: Code, wanted: Collection[str], iterated: Collection[str] = ()
) -> list[_Loop]:
    """Return every loop below ``node``.

    What a loop reaches are the ``wanted`` that are called in it, or by a function of the notebook
    that is named in it: ``map`` calls it. One pass from the innermost nodes outwards, for loops
    may be nested.
    """
    if not _has_loops(node):  # most statements
        return []
    reached: dict[int, frozenset[str]] = {}
    named: dict[int, bool] = {}
    found = []
    nothing: frozenset[str] = frozenset()
    wanted = frozenset(wanted)

    def by_functions(name: str) -> frozenset[str]:
        calls = code.calls.get(name, nothing)
        return wanted & calls if calls else nothing

    for part in reversed(walk(node)):
        mine, names = nothing, False
        if isinstance(part, ast.Name):
            mine, names = by_functions(part.id), part.id in iterated
        elif isinstance(part, ast.Attribute):
            mine = by_functions(part.attr) | (wanted & {part.attr})
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            mine = wanted & {part.func.id}
        for child in children(part):
            mine |= reached.get(id(child), nothing)
            names = names or named.get(id(child), False)
        reached[id(part)], named[id(part)] = mine, names
        if _is_loop(part):
            heads = _heads(part)
            found.append(_Loop(any(named[id(head)] for head in heads), mine))
    return found


@remembered
def _has_loops(node: ast.AST) -> bool:
    return any(map(_is_loop, walk(node)))


def _is_loop(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return len(node.args) > 1 and dotted(node.func) == "map"
    return isinstance(node, (ast.For, ast.While, *_COMPREHENSIONS))


def _heads(loop: ast.AST) -> list[ast.AST]:
    if isinstance(loop, ast.For):
        return [loop.iter]
    if isinstance(loop, _COMPREHENSIONS):
        return [part.iter for part in loop.generators]
    return [loop]


@remembered
def _names(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in walk(node) if isinstance(n, ast.Name))


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [method for method in node.body if isinstance(method, ast.FunctionDef)]


def _loose(code: Code) -> list[Statement]:
    """Return the statements that are no definitions."""
    return [s for s in code.statements if not isinstance(s.node, _DEFINITIONS)]
