"""Which names a top-level statement binds or changes."""

from __future__ import annotations

import ast

from grader.notebook.syntax import children, remembered, walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)
_NAMED = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


@remembered
def bound_names(node: ast.AST) -> frozenset[str]:
    """Return the module-level names that running ``node`` binds or changes.

    ``x.attribute = …`` and ``x[…] = …`` change ``x`` and count: a method patched onto a class
    belongs to the class.
    """
    changed = {
        _root(part)
        for part in own_scope(node)
        if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store)
    }
    return bound_targets(node) | frozenset(changed - {""})


@remembered
def bound_targets(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` makes local to the function it stands in."""
    found: set[str] = set()
    for part in own_scope(node):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(part.name)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).split(".")[0] for alias in part.names)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            found.add(part.id)
        elif isinstance(part, _NAMED) and part.name:
            found.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            found.add(part.rest)
        elif isinstance(part, _COMPREHENSIONS):
            found |= walrus_names(part)
    return frozenset(found)


@remembered
def walrus_names(comprehension: ast.AST) -> frozenset[str]:
    """Return what ``:=`` in a comprehension binds: names of the scope around it, says PEP 572."""
    parts = (part for part in walk(comprehension) if isinstance(part, ast.NamedExpr))
    return frozenset(part.target.id for part in parts)


@remembered
def changed_names(node: ast.AST) -> frozenset[str]:
    """Return the names whose objects a loose statement changes without binding anything.

    ``M.requires_grad_(False)`` changes ``M``, as PyTorch's trailing underscore says, and so does a
    loop over ``M.parameters()`` that changes each of them, or ``wandb.init(config=…)``.
    """
    parts = [part for part in own_scope(node) if isinstance(part, ast.expr)]
    touched = {_root(part) for part in parts if _changes(part)} - {""}
    if isinstance(node, ast.Expr):
        return frozenset(touched)
    if not isinstance(node, ast.For):
        return frozenset()
    items: set[str] = set()
    for loop in ast.walk(node):
        if isinstance(loop, ast.For) and (loop is node or _names(loop.iter) & items):
            items |= _names(loop.target)
    return frozenset(_names(node.iter)) if touched & items else frozenset()


def is_setting(node: ast.AST) -> bool:
    """Whether a statement is a loose call such as ``torch.set_grad_enabled(False)``.

    It changes none of the notebook's things, but how all that follows runs. As the head of a
    ``with`` the same call is for that block only.
    """
    value = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
    if not isinstance(value, ast.Call):
        return False
    return dotted(value.func).rpartition(".")[2].startswith("set_")


def _changes(part: ast.expr) -> bool:
    if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store):
        return True
    if not isinstance(part, ast.Attribute):
        return False
    return part.attr == "init" or (part.attr.endswith("_") and not part.attr.startswith("_"))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


@remembered
def called(node: ast.AST) -> frozenset[str]:
    """Return the last names of everything called, or merely named as a method, below ``node``."""
    nodes = walk(node)
    names = {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return frozenset(names | {n.attr for n in nodes if isinstance(n, ast.Attribute)})


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def own_scope(node: ast.AST) -> tuple[ast.AST, ...]:
    """Return ``node`` and what lies in the same scope: not the insides of functions and classes."""
    return (node, *_inside(node))


@remembered
def _inside(node: ast.AST) -> tuple[ast.AST, ...]:
    """Return what lies in a node's scope without itself: what it remembers must not hold it."""
    found: list[ast.AST] = []
    todo = [node]
    while todo:
        part = todo.pop()
        if not isinstance(part, _SCOPES):
            below = children(part)
            found += below
            todo += below
    return tuple(found)
