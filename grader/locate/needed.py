"""Says which names a top-level statement needs from elsewhere: its free names."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from grader.locate.names import bound_targets, own_scope, walrus_names
from grader.notebook.syntax import COMPREHENSIONS, FUNCTIONS, children, memoised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

_BUILTINS = frozenset(dir(builtins))


@memoised
def needed_names(node: ast.AST) -> frozenset[str]:
    """Return the names that ``node`` reads before it binds them itself, builtins left out."""
    scope = _FreeNames()
    scope.visit(node)
    return frozenset(scope.needed - _BUILTINS)


def reopens(node: ast.ClassDef) -> bool:
    """Say whether a class is derived from an earlier one of its own name, to add a method to it."""
    return node.name in needed_names(node)


@memoised
def _declared_global(node: ast.AST) -> frozenset[str]:
    names = (part.names for part in own_scope(node) if isinstance(part, ast.Global))
    return frozenset(name for each in names for name in each)


class _FreeNames:
    """Walks a scope in the order of evaluation; a name that is read before it is bound is needed.

    A scope asks the one ``around`` it for names that it does not bind: to copy all names into each
    of many nested scopes would take a long time. ``hidden`` are the names it declares global.
    """

    def __init__(
        self,
        around: _FreeNames | None = None,
        bound: Iterable[str] = (),
        hidden: Collection[str] = (),
    ) -> None:
        self.around = around
        self.bound = set(bound)
        self.hidden = hidden
        self.needed: set[str] = set()

    def visit(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            method = _METHODS.get(type(node))
            if method is not None:
                method(self, node)
            elif node is not None:
                self.visit(*children(node))

    def knows(self, name: str) -> bool:
        scope: _FreeNames | None = self
        while scope is not None:
            if name in scope.bound:
                return True
            if name in scope.hidden:
                return False
            scope = scope.around
        return False

    def name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
        elif not self.knows(node.id):
            self.needed.add(node.id)

    def assignment(self, node: ast.Assign) -> None:
        self.visit(node.value, *node.targets)

    def annotated_assignment(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value, node.target)

    def augmented_assignment(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and not self.knows(node.target.id):
            self.needed.add(node.target.id)
        self.visit(node.value, node.target)

    def for_loop(self, node: ast.For) -> None:
        self.visit(node.iter, node.target, *node.body, *node.orelse)

    def imports(self, node: ast.Import) -> None:
        self.bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)

    def imports_from(self, node: ast.ImportFrom) -> None:
        self.bound.update(alias.asname or alias.name for alias in node.names)

    def named(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        self.bound |= {node.name} if node.name else set()
        self.visit(*children(node))

    def mapping(self, node: ast.MatchMapping) -> None:
        self.bound |= {node.rest} if node.rest else set()
        self.visit(*children(node))

    def class_definition(self, node: ast.ClassDef) -> None:
        self.visit(*node.decorator_list, *node.bases, *node.keywords)
        inner = _FreeNames(self)
        inner.visit(*node.body)
        # A method may refer to its own class: the name is bound by the time the method is called.
        self.bound.add(node.name)
        self.needed |= inner.needed - {node.name}

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.visit(*node.decorator_list, node.returns)
        self.body(node.args, node.body, {node.name})
        self.bound.add(node.name)

    def lambda_(self, node: ast.Lambda) -> None:
        self.body(node.args, [node.body], set())

    def body(self, args: ast.arguments, body: Sequence[ast.AST], local: set[str]) -> None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        arguments = [argument for argument in every if argument is not None]
        # Defaults and annotations are evaluated where the function is defined.
        self.visit(*args.defaults, *args.kw_defaults, *(a.annotation for a in arguments))
        local |= {argument.arg for argument in arguments}
        outer: set[str] = set()
        for statement in body:
            outer |= _declared_global(statement)
            local |= bound_targets(statement)
        inner = _FreeNames(self, local - outer, outer)
        inner.visit(*body)
        self.needed |= inner.needed

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        inner = _FreeNames(self)
        for generator in node.generators:
            inner.visit(generator.iter, generator.target, *generator.ifs)
        inner.visit(*([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]))
        self.needed |= inner.needed
        self.bound |= walrus_names(node)


_METHODS: dict[type, Callable[[_FreeNames, Any], None]] = {
    ast.Name: _FreeNames.name,
    ast.Assign: _FreeNames.assignment,
    ast.AnnAssign: _FreeNames.annotated_assignment,
    ast.AugAssign: _FreeNames.augmented_assignment,
    ast.For: _FreeNames.for_loop,
    ast.Import: _FreeNames.imports,
    ast.ImportFrom: _FreeNames.imports_from,
    ast.MatchMapping: _FreeNames.mapping,
    ast.ClassDef: _FreeNames.class_definition,
    ast.Lambda: _FreeNames.lambda_,
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), _FreeNames.named),
    **dict.fromkeys(FUNCTIONS, _FreeNames.function),
    **dict.fromkeys(COMPREHENSIONS, _FreeNames.comprehension),
}
