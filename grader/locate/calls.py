"""Says what a notebook's functions call in the end, and which names stand for which of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import bound_names, called, names_in
from grader.notebook.syntax import FUNCTIONS, children

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Functions that call functions: no notebook goes deeper.
_DEEPEST = 4
# Methods that run the function they are given, as those of a pool of threads.
_RUNNING = frozenset({"apply", "apply_async", "submit"})


def reached_calls(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """Return, by name, what the functions and methods among some statements call, see ``called``.

    A name that stands for a function (``partial(step, M)``, a lambda, ``Trainer().step``) calls
    what that one does, and a class what its objects do when they are called.
    """
    found: dict[str, set[str]] = {}
    for node in nodes:
        for name, reached in _direct_calls(node):
            found.setdefault(name, set()).update(reached)
    for _ in range(_DEEPEST):
        longer = {
            name: reached.union(*(found[other] for other in reached & found.keys()))
            for name, reached in found.items()
        }
        if longer == found:
            break
        found = longer
    return found


def _direct_calls(node: ast.AST) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the names that a statement makes callable, with what each of them calls itself."""
    if isinstance(node, FUNCTIONS):
        yield node.name, called(node)
    elif isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, FUNCTIONS):
                yield node.name if method.name == "__call__" else method.name, called(method)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, called(node.value) | names_in(node.value)


def other_names(functions: Collection[str], statements: Collection[ast.AST]) -> set[str]:
    """Return the names that stand for some functions, or for methods of such names.

    They are given by assignments that name a function and do not call it.
    """
    found = set(functions)
    for _ in range(_DEEPEST):
        before = len(found)
        for statement in statements:
            if gives_a_name(statement, found):
                found |= bound_names(statement)
        if len(found) == before:
            break
    return found - set(functions)


def gives_a_name(node: ast.AST, functions: Collection[str]) -> bool:
    """Say whether an assignment names one of some functions and does not call it."""
    if not isinstance(node, ast.Assign):
        return False
    named, runs = _named(node.value, frozenset(functions))
    return named and not runs


def _named(node: ast.AST, functions: frozenset[str]) -> tuple[bool, bool]:
    """Return whether an expression names a function, and whether it calls it when it is run."""
    named = (isinstance(node, ast.Name) and node.id in functions) or (
        isinstance(node, ast.Attribute) and node.attr in functions
    )
    below = [_named(child, functions) for child in children(node)]
    runs = isinstance(node, ast.Call) and (
        _named(node.func, functions)[0]
        or (isinstance(node.func, ast.Attribute) and node.func.attr in _RUNNING)
    )
    if isinstance(node, ast.Lambda):
        return any(n for n, _ in below), False
    named = named or any(n for n, _ in below)
    return named, (runs and named) or any(r for _, r in below)
