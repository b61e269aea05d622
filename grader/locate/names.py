"""Says which names a top-level statement binds or changes, and which ones it mentions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import COMPREHENSIONS, DEFINITIONS, FUNCTIONS, children, memoised, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCOPES = (*DEFINITIONS, ast.Lambda, *COMPREHENSIONS)
# Methods that tell an object what it is to know: of wandb, and of a parser of arguments.
_TELLING = frozenset({"init", "add_argument", "set_defaults"})
_NAMED = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


@memoised
def bound_names(node: ast.AST) -> frozenset[str]:
    """Return the module-level names that running ``node`` binds or changes.

    ``x.attribute = …`` and ``x[…] = …`` change ``x`` and count: a method patched onto a class
    belongs to the class.
    """
    changed = {_root(part) for part in own_scope(node) if _stores_into(part)}
    return bound_targets(node) | frozenset(changed - {""})


@memoised
def bound_targets(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` makes local to the function it stands in."""
    found: set[str] = set()
    for part in own_scope(node):
        if isinstance(part, DEFINITIONS):
            found.add(part.name)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).split(".")[0] for alias in part.names)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            found.add(part.id)
        elif isinstance(part, _NAMED) and part.name:
            found.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            found.add(part.rest)
        elif isinstance(part, COMPREHENSIONS):
            found |= walrus_names(part)
    return frozenset(found)


@memoised
def walrus_names(comprehension: ast.AST) -> frozenset[str]:
    """Return what ``:=`` in a comprehension binds: by PEP 572, names of the scope around it."""
    parts = (part for part in walk(comprehension) if isinstance(part, ast.NamedExpr))
    return frozenset(part.target.id for part in parts)


@memoised
def changed_names(node: ast.AST) -> frozenset[str]:
    """Return the names whose objects a statement changes in place without binding a name.

    ``M.requires_grad_(False)`` changes ``M``, as PyTorch's trailing underscore says, and so do
    ``M.eval().requires_grad_(False)``, a loop over ``M.parameters()`` that changes each of them,
    or ``wandb.init(config=…)``.
    """
    touched = {_origin(part) for part in own_scope(node) if _changes(part)} - {""}
    if isinstance(node, ast.Expr):
        return frozenset(touched)
    if not isinstance(node, ast.For):
        return frozenset()
    items: set[str] = set()
    for loop in ast.walk(node):
        if isinstance(loop, ast.For) and (loop is node or names_in(loop.iter) & items):
            items |= names_in(loop.target)
    return names_in(node.iter) if touched & items else frozenset()


def is_setting(node: ast.AST) -> bool:
    """Say whether a statement is a call such as ``torch.set_grad_enabled(False)``.

    It changes nothing of the notebook's, but how all code after it runs. As the head of a
    ``with`` the same call holds for that block only.
    """
    value = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
    if not isinstance(value, ast.Call):
        return False
    return dotted(value.func).rpartition(".")[2].startswith("set_")


def _changes(part: ast.AST) -> bool:
    if _stores_into(part):
        return True
    if not isinstance(part, ast.Attribute):
        return False
    if part.attr in _TELLING:
        return True
    return part.attr.endswith("_") and not part.attr.startswith("_")


def _stores_into(part: ast.AST) -> bool:
    return isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store)


@memoised
def names_in(node: ast.AST) -> frozenset[str]:
    """Return every name that stands in ``node``, whatever is done with it."""
    return frozenset(part.id for part in walk(node) if isinstance(part, ast.Name))


def call_assignments(
    nodes: Iterable[ast.AST],
) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return, for each assignment of a call, the names it binds and those among its arguments."""
    return [
        (
            frozenset(t.id for t in node.targets if isinstance(t, ast.Name)),
            frozenset(name for argument in node.value.args for name in names_in(argument)),
        )
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    ]


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


@memoised
def called(node: ast.AST) -> frozenset[str]:
    """Return the names of the functions called in ``node``, and of all attributes in it.

    An attribute may be a method that is called somewhere else: ``map(optm.step, batches)``.
    """
    nodes = walk(node)
    names = {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return frozenset(names | {n.attr for n in nodes if isinstance(n, ast.Attribute)})


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _origin(node: ast.AST) -> str:
    """Return the name that a chain of calls begins with: ``M`` of ``next(M.parameters()).data``."""
    while True:
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        elif isinstance(node, ast.Call) and node.args:
            node = node.args[0]
        else:
            return node.id if isinstance(node, ast.Name) else ""


def own_scope(node: ast.AST) -> tuple[ast.AST, ...]:
    """Return ``node`` and what lies in the same scope: not the insides of functions and classes."""
    return (node, *_inside(node))


@memoised
def _inside(node: ast.AST) -> tuple[ast.AST, ...]:
    found: list[ast.AST] = []
    todo = [node]
    while todo:
        part = todo.pop()
        if not isinstance(part, _SCOPES):
            below = children(part)
            found += below
            todo += below
    return tuple(found)


def parameters(node: ast.AST) -> tuple[str, ...] | None:
    """Return the names of a function's parameters, ``None`` for anything else."""
    if not isinstance(node, FUNCTIONS):
        return None
    given = node.args
    more = (one for one in (given.vararg, given.kwarg) if one is not None)
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs, *more)
    return tuple(one.arg for one in every)
