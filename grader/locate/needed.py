"""Which names a top-level statement needs from elsewhere."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from grader.locate.names import bound_targets, own_scope, walrus_names
from grader.notebook.syntax import children, remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_BUILTINS = frozenset(dir(builtins))


@remembered
def needed_names(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` reads before it binds them itself, builtins left out."""
    reader = _Reader()
    reader.visit(node)
    return frozenset(reader.needed - _BUILTINS)


def reopens(node: ast.ClassDef) -> bool:
    """Whether a class is made of an earlier one of its own name, as to give it one more method."""
    return node.name in needed_names(node)


@remembered
def _declared_global(node: ast.AST) -> frozenset[str]:
    names = (part.names for part in own_scope(node) if isinstance(part, ast.Global))
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

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self.bound |= {node.name} if node.name else set()

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.bound |= {node.rest} if node.rest else set()
        self.generic_visit(node)

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
        self._comprehension(node, node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node, node.key, node.value)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        *results: ast.expr,
    ) -> None:
        inner = _Reader(self)
        for generator in node.generators:
            inner.visit(generator.iter)
            inner.visit(generator.target)
            for condition in generator.ifs:
                inner.visit(condition)
        for result in results:
            inner.visit(result)
        self.needed |= inner.needed
        self.bound |= walrus_names(node)

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
