"""Finds the loop that a part is about, at the top level, in a function or a class, and its caller.

A loop is a ``for``, a ``while``, a comprehension or a call of ``map``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.calls import gives_a_name, other_names
from grader.locate.names import call_assignments, called, dotted
from grader.notebook.syntax import COMPREHENSIONS, FUNCTIONS, children, memoised, walk

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.assignment.model import Part
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

_NOTHING: frozenset[str] = frozenset()
# What is called of a thread, or of what it will give, once it runs.
_WAITING = frozenset({"join", "is_alive", "result", "shutdown"})
_GRADIENTS_OFF = frozenset({"no_grad", "inference_mode"})


@dataclass(frozen=True)
class _Loop:
    """What one loop runs over and calls."""

    iterates: bool  # whether its head names one of the iterated names
    reached: frozenset[str]  # those of the wanted calls that it makes


def holds_loop(part: Part, node: ast.stmt, roles: Roles, code: Code) -> bool:
    """Say whether a statement is, or holds, a loop over what the part iterates that updates.

    A loop counts that runs over it, or over an argument or an attribute that may hold it, and
    that makes the part's calls, by itself or through a function of the notebook.
    """
    updates = set(part.updates)
    if isinstance(node, ast.ClassDef):
        return any(
            updates & loop.reached
            for method in _methods(node)
            for loop in _loops(method, code, updates)
        )
    if not _has_loops(node):  # most statements; what follows searches the whole notebook
        return False
    iterated = set(roles.names(part.iterates))
    calls = set(part.calls)
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        iterated |= {
            a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        }
        if set(part.unlike) & called(node) and not _trains(node, code, updates):
            return False
    iterated |= _made_from(iterated, node, code)
    surest = frozenset({part.surest} - {""})
    return any(
        surest & loop.reached or (loop.iterates and calls & loop.reached)
        for loop in _loops(node, code, calls | surest, iterated)
    )


def _trains(node: ast.AST, code: Code, updates: set[str]) -> bool:
    """Say whether a function that evaluates too makes updates, by itself or through a helper.

    A helper that can do both, and is called without gradients, evaluates.
    """
    if called(node) & updates:
        return True
    without = {
        id(part)
        for block in walk(node)
        if isinstance(block, ast.With) and any(_no_gradients(i.context_expr) for i in block.items)
        for part in walk(block)
    }
    decorators, wanted = getattr(node, "decorator_list", ()), frozenset(updates)
    return not any(map(_no_gradients, decorators)) and any(
        code.calls.of(name, wanted)
        for part in walk(node)
        if isinstance(part, ast.Call) and id(part) not in without
        for name in [dotted(part.func).rpartition(".")[2]]
    )


def _no_gradients(node: ast.expr) -> bool:
    name = dotted(node.func if isinstance(node, ast.Call) else node)
    return name.rpartition(".")[2] in _GRADIENTS_OFF


def callers(part: Part, statement: Statement, code: Code) -> tuple[Statement, ...]:
    """Return the last top-level statement that calls the function or method around a loop.

    Empty if none does, or if the part is no loop, or one at the top level.
    """
    node = statement.node
    if part.kind != "loop":
        return ()
    if isinstance(node, ast.ClassDef):
        wanted = set(part.updates)
        methods = {
            method.name
            for method in _methods(node)
            if any(loop.reached for loop in _loops(method, code, wanted))
        }
        for method in [*node.body, *node.body]:  # twice: a method may call one that stands below
            if isinstance(method, ast.FunctionDef) and methods & called(method):
                methods.add(method.name)
        if "run" in methods and any(dotted(base).endswith("Thread") for base in node.bases):
            methods.add("start")  # which calls it
        return _calling(methods, code, of_a_class=True)
    if not isinstance(node, FUNCTIONS):
        return ()
    functions = {node.name}
    for other in code.statements:
        if isinstance(other.node, FUNCTIONS) and functions & other.needs:
            functions.add(other.node.name)
    return _calling(functions, code)


def _calling(functions: set[str], code: Code, *, of_a_class: bool = False) -> tuple[Statement, ...]:
    """Return the last top-level statement that calls a function or method, by whatever name."""
    statements = code.top_level
    others = other_names(functions, [s.node for s in statements])
    known = functions | others
    calling = [
        s
        for s in statements
        if (others & s.needs or functions & (called(s.node) if of_a_class else s.needs))
        and not gives_a_name(s.node, known)
        and not _only_waits(s.node)
    ]
    return tuple(calling[-1:])


def _only_waits(node: ast.AST) -> bool:
    calls = called(node) - {"print"}
    return bool(calls) and calls <= _WAITING


def _made_from(names: set[str], node: ast.stmt, code: Code) -> set[str]:
    """Return the names given to something made of ``names``: ``bar = tqdm(train_iter)``."""
    known = set(names)
    for made, arguments in call_assignments(walk(node)):
        if arguments & known:
            known |= made
    return (known | code.derived.of(frozenset(known))) - names


def _loops(
    node: ast.AST, code: Code, wanted: Collection[str], iterated: Collection[str] = ()
) -> list[_Loop]:
    """Return every loop in ``node``, in one pass from the innermost nodes outwards.

    A loop reaches a ``wanted`` call that stands in it, or in a function of the notebook that it
    names (``map`` calls that one). One pass, because loops may be nested a hundred deep.
    """
    if not _has_loops(node):  # most statements
        return []
    reached: dict[int, frozenset[str]] = {}
    named: dict[int, bool] = {}
    found = []
    wanted = frozenset(wanted)

    for part in reversed(walk(node)):
        mine, names = _NOTHING, False
        if isinstance(part, ast.Name):
            mine, names = code.calls.of(part.id, wanted), part.id in iterated
        elif isinstance(part, ast.Attribute):
            mine = code.calls.of(part.attr, wanted) | (wanted & {part.attr})
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            mine = wanted & {part.func.id}
        for child in children(part):
            mine |= reached.get(id(child), _NOTHING)
            names = names or named.get(id(child), False)
        reached[id(part)], named[id(part)] = mine, names
        if _is_loop(part):
            found.append(_Loop(any(named[id(head)] for head in _heads(part)), mine))
    return found


@memoised
def _has_loops(node: ast.AST) -> bool:
    return any(map(_is_loop, walk(node)))


def _is_loop(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return len(node.args) > 1 and dotted(node.func) == "map"
    return isinstance(node, (ast.For, ast.While, *COMPREHENSIONS))


def _heads(loop: ast.AST) -> list[ast.AST]:
    """Return where a loop names what it runs over; for ``while`` and ``map`` that is anywhere."""
    if isinstance(loop, ast.For):
        return [loop.iter]
    if isinstance(loop, COMPREHENSIONS):
        return [part.iter for part in loop.generators]
    return [loop]


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [method for method in node.body if isinstance(method, ast.FunctionDef)]
