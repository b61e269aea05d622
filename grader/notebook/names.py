"""Which names a top-level statement binds, and which it needs from elsewhere."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from grader.notebook.syntax import children, remembered, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)
_BUILTINS = frozenset(dir(builtins))


@remembered
def bound_names(node: ast.AST) -> frozenset[str]:
    """Return the module-level names that running ``node`` binds or changes.

    ``x.attribute = …`` and ``x[…] = …`` change ``x`` and count: a method patched onto a class
    belongs to the class.
    """
    changed = {
        _root(part)
        for part in _own_scope(node)
        if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store)
    }
    return bound_targets(node) | frozenset(changed - {""})


@remembered
def changed_names(node: ast.AST) -> frozenset[str]:
    """Return the names whose objects a loose statement changes without binding anything.

    ``M.requires_grad_(False)`` changes ``M``, as PyTorch's trailing underscore says, and so does a
    loop over ``M.parameters()`` that changes each of them.
    """
    parts = [part for part in _own_scope(node) if isinstance(part, ast.expr)]
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
    return part.attr.endswith("_") and not part.attr.startswith("_")


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


@remembered
def needed_names(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` reads before it binds them itself, builtins left out."""
    reader = _Reader()
    reader.visit(node)
    return frozenset(reader.needed - _BUILTINS)


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


def _own_scope(node: ast.AST) -> tuple[ast.AST, ...]:
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


@remembered
def _declared_global(node: ast.AST) -> frozenset[str]:
    names = (part.names for part in _own_scope(node) if isinstance(part, ast.Global))
    return frozenset(name for each in names for name in each)


class _Reader(ast.NodeVisitor):
    """Walks in the order of evaluation; a name read before it is bound is needed.

    A scope inside another asks ``around`` for what it does not bind itself: a copy of all names
    for each of many scopes would take a long time to make. ``hidden`` are those that it says are
    global.
    """

    def __init__(
        self,
        around: _Reader | None = None,
        bound: Iterable[str] = (),
        hidden: Collection[str] = (),
    ) -> None:
        self.around = around
        self.bound = set(bound)
        self.hidden = hidden
        self.needed: set[str] = set()

    def visit(self, node: ast.AST) -> None:
        """Do as Python's own does, without putting a method's name together for each node."""
        if isinstance(node, ast.Name):
            self.visit_Name(node)
        elif type(node) in _OWN_WAY:
            super().visit(node)
        else:
            for child in children(node):
                self.visit(child)

    def knows(self, name: str) -> bool:
        scope: _Reader | None = self
        while scope is not None:
            if name in scope.bound:
                return True
            if name in scope.hidden:
                return False
            scope = scope.around
        return False

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if not self.knows(node.id):
                self.needed.add(node.id)
        else:
            self.bound.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and not self.knows(node.target.id):
            self.needed.add(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_Import(self, node: ast.Import) -> None:
        self.bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.bound.update(alias.asname or alias.name for alias in node.names)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        inner = _Reader(self)
        for statement in node.body:
            inner.visit(statement)
        # A method may refer to its own class: that name is there when the method is called.
        self.bound.add(node.name)
        self.needed |= inner.needed - {node.name}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node, node.name)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node, node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._scope(node.args, [node.body], None)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def _comprehension(self, generators: list[ast.comprehension], results: list[ast.expr]) -> None:
        inner = _Reader(self)
        for part in [*generators, *results]:
            if isinstance(part, ast.comprehension):
                inner.visit(part.iter)
                inner.visit(part.target)
                for condition in part.ifs:
                    inner.visit(condition)
            else:
                inner.visit(part)
        self.needed |= inner.needed

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        if node.returns is not None:
            self.visit(node.returns)
        self._scope(node.args, list(node.body), name)
        self.bound.add(name)

    def _scope(self, args: ast.arguments, body: list[ast.AST], name: str | None) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        outside = [*args.defaults, *args.kw_defaults, *(a.annotation for a in every if a)]
        for expression in outside:
            # Defaults and annotations are evaluated where the function is defined.
            if expression is not None:
                self.visit(expression)
        local = {a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs]}
        local |= {a.arg for a in (args.vararg, args.kwarg) if a is not None}
        outer: set[str] = set()
        for statement in body:
            outer |= _declared_global(statement)
            local |= bound_targets(statement)
        if name is not None:
            local.add(name)
        inner = _Reader(self, local - outer, outer)
        for statement in body:
            inner.visit(statement)
        self.needed |= inner.needed


_OWN_WAY = frozenset(kind for name, kind in vars(ast).items() if f"visit_{name}" in vars(_Reader))


@remembered
def bound_targets(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` makes local to the function it stands in."""
    found: set[str] = set()
    for part in _own_scope(node):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(part.name)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).split(".")[0] for alias in part.names)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            found.add(part.id)
        elif isinstance(part, ast.ExceptHandler) and part.name:
            found.add(part.name)
    return frozenset(found)
