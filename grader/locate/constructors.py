"""What the names at a notebook's top level are made by, through its own functions and aliases."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.locate.statements import Code

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Functions that call functions: no notebook goes deeper, and one that calls itself has no end.
_DEEPEST = 3


@dataclass(frozen=True)
class Made:
    """A name, what was called to make what it stands for, and the names that was given.

    ``makers`` are all names of ``torch.optim.Adam``; what a notebook has given another name is
    under both.
    """

    name: str
    makers: frozenset[str]
    given: frozenset[str]


def made_things(code: Code) -> Iterator[Made]:
    """Yield every name that a call at the top level gives a value, in order."""
    notebook = _Notebook(code)
    for statement in code.statements:
        node = statement.node
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            for name, value in notebook.pairs(target, node.value):
                call = notebook.made_by(value)
                if call is not None:
                    yield Made(name, notebook.all_names(call), _names(call))


class _Notebook:
    """The functions of a notebook, and the other names it gives to things."""

    def __init__(self, code: Code) -> None:
        nodes = [statement.node for statement in code.statements]
        self.functions = {node.name: node for node in nodes if isinstance(node, _FUNCTIONS)}
        self.aliases = {
            target.id: dotted(node.value)
            for node in nodes
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and dotted(node.value)
        }
        self._known: dict[str, list[ast.expr]] = {}

    def pairs(self, target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
        """Return each name that an assignment binds, with the expression for its value."""
        if isinstance(target, ast.Name):
            return [(target.id, value)]
        if not isinstance(target, ast.Tuple):
            return []
        values = value.elts if isinstance(value, ast.Tuple) else self._results(value)
        pairs = zip(target.elts, values, strict=False)
        return [(name.id, each) for name, each in pairs if isinstance(name, ast.Name)]

    def made_by(self, value: ast.expr, depth: int = 0) -> ast.Call | None:
        """Return the call that made a value, the one in the function that was called for it."""
        call = _first_call(value)
        results = self._results(call) if call is not None and depth < _DEEPEST else []
        if len(results) == 1:
            return self.made_by(results[0], depth + 1) or call
        return call

    def all_names(self, call: ast.Call) -> frozenset[str]:
        """Return the names of what is called, as the notebook has them and as they were before."""
        name = dotted(call.func)
        return frozenset([*name.split("."), *self.aliases.get(name, "").split(".")]) - {""}

    def _results(self, value: ast.expr | None) -> list[ast.expr]:
        """Return what a function of the notebook's returns, for a call of one."""
        call = _first_call(value)
        name = dotted(call.func) if call is not None else ""
        if name not in self._known and name in self.functions:
            self._known[name] = _returned(self.functions[name])
        return self._known.get(name, [])


def _returned(function: ast.AST) -> list[ast.expr]:
    """Return the expressions that a function's last ``return`` stands for, one a value."""
    nodes = walk(function)
    returned = [n.value for n in nodes if isinstance(n, ast.Return) and n.value is not None]
    if not returned:
        return []
    last = returned[-1]
    values = {
        name: value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name, value in _plain_pairs(target, node.value)
    }
    parts = last.elts if isinstance(last, ast.Tuple) else [last]
    return [values.get(_object(part), part) for part in parts]


def _object(value: ast.expr) -> str:
    """Return the name of the object itself in ``net.to(device).train()``."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    return value.id if isinstance(value, ast.Name) else ""


def _plain_pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return [(name.id, each) for name, each in pairs if isinstance(name, ast.Name)]
    return []


def _first_call(value: ast.expr | None) -> ast.Call | None:
    """Return what was called first in ``Call(…).to(…).train()``."""
    while isinstance(value, ast.Call):
        inner = value.func
        if not (isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Call)):
            return value
        value = inner.value
    return None


def _names(call: ast.Call) -> frozenset[str]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return frozenset(n.id for value in given for n in walk(value) if isinstance(n, ast.Name))
