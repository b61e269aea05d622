"""Says what a notebook's functions call in the end, and which names stand for which of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import bound_names, called, names_in
from grader.notebook.syntax import FUNCTIONS, children, memoised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Names that stand for names, and functions that call functions: no notebook goes deeper.
_DEEPEST = 4
_LONGEST_CHAIN = 16
_NOTHING: frozenset[str] = frozenset()
# Methods that run the function they are given, as those of a pool of threads.
_RUNNING = frozenset({"apply", "apply_async", "submit"})


class ReachedCalls:
    """What the functions and methods among some statements call, see ``called``.

    A name that stands for a function (``partial(step, M)``, a lambda, ``Trainer().step``) calls
    what that one does, and a class what its objects do when they are called.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        """Find what each calls directly."""
        self._direct: dict[str, frozenset[str]] = {}
        for node in nodes:
            for name, calls in _direct_calls(node):
                known = self._direct.get(name)
                self._direct[name] = calls if known is None else known | calls
        self._edges = {name: calls & self._direct.keys() for name, calls in self._direct.items()}
        self._reached: dict[frozenset[str], dict[str, frozenset[str]]] = {}

    def of(self, name: str, wanted: frozenset[str]) -> frozenset[str]:
        """Return which of the ``wanted`` calls a function makes, directly or through others."""
        if wanted not in self._reached:
            self._reached[wanted] = self._following(wanted)
        return self._reached[wanted].get(name, _NOTHING)

    def _following(self, wanted: frozenset[str]) -> dict[str, frozenset[str]]:
        # All that each function reaches would be a square of their number; few calls are wanted.
        found = {name: calls & wanted for name, calls in self._direct.items()}
        for _ in range(_LONGEST_CHAIN):
            longer = {
                name: reached.union(*(found[other] for other in self._edges[name]))
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
        calls = _mentioned(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, calls


@memoised
def _mentioned(node: ast.AST) -> frozenset[str]:
    """Return the names and attributes that stand in an expression."""
    return called(node) | names_in(node)


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
    if not isinstance(node, ast.Assign) or _mentioned(node.value).isdisjoint(functions):
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
