"""Finds what constructs each top-level name of a notebook, through its own functions and aliases.

``net = torch.nn.Linear(2, 1)``, ``net = make_net()`` and ``net, optm = make_both()`` all say which
class an object is made of. Nothing is run to find out.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.names import dotted, names_in
from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.locate.statements import Code

# Functions that call functions: no notebook goes deeper, and one that calls itself has no end.
_DEEPEST = 3
_MOST_ALIASES = 20


@dataclass(frozen=True)
class Constructed:
    """A name, what was called to construct its value, and the names among the call's arguments.

    ``constructors`` are all parts of ``torch.optim.Adam``; where the notebook has an alias for a
    class, the alias and what it stands for. ``within`` are the constructors of the arguments.
    """

    name: str
    constructors: frozenset[str]
    arguments: frozenset[str]
    within: frozenset[str] = frozenset()


def constructed_names(code: Code) -> Iterator[Constructed]:
    """Yield every name that a call at the top level gives a value, in order."""
    calls = _Calls(code)
    for statement in code.statements:
        node = statement.node
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            unpacked = calls.returned(node.value) if isinstance(target, ast.Tuple) else []
            for name, value in _pairs(target, node.value, unpacked):
                call = calls.constructor(value)
                if call is not None:
                    given = [*call.args, *(keyword.value for keyword in call.keywords)]
                    arguments = frozenset[str]().union(*map(names_in, given))
                    inner = [n for one in given for n in walk(one) if isinstance(n, ast.Call)]
                    within = frozenset[str]().union(*map(calls.names_of, inner))
                    yield Constructed(name, calls.names_of(call), arguments, within)


class _Calls:
    """Follows calls through a notebook's functions, and through the aliases it defines."""

    def __init__(self, code: Code) -> None:
        nodes = [statement.node for statement in code.statements]
        self.functions = {node.name: node for node in nodes if isinstance(node, FUNCTIONS)}
        self.aliases = {
            target.id: dotted(node.value)
            for node in nodes
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and dotted(node.value)
        }
        # A class of the notebook's own is what it is derived from.
        self.aliases |= {
            node.name: ".".join(map(dotted, node.bases))
            for node in nodes
            if isinstance(node, ast.ClassDef) and node.bases
        }
        self._returned: dict[str, list[ast.expr]] = {}

    def constructor(self, value: ast.expr, depth: int = 0) -> ast.Call | None:
        """Return the call that constructed a value, inside the function that was called for it."""
        call = _first_call(value)
        results = self.returned(call) if call is not None and depth < _DEEPEST else []
        if len(results) == 1:
            return self.constructor(results[0], depth + 1) or call
        return call

    def names_of(self, call: ast.Call) -> frozenset[str]:
        """Return the parts of a called name, as the notebook writes it and without its aliases."""
        found, todo = set[str](), [dotted(call.func)]
        for _ in range(_MOST_ALIASES):
            if not todo:
                break
            name = todo.pop()
            found |= set(name.split("."))
            aliased = self.aliases.get(name, "")
            todo += [part for part in (aliased, *aliased.split(".")) if part and part not in found]
        return frozenset(found - {""})

    def returned(self, value: ast.expr | None) -> list[ast.expr]:
        """Return the expressions that a call of one of the notebook's functions returns."""
        call = _first_call(value)
        name = dotted(call.func) if call is not None else ""
        if name not in self._returned and name in self.functions:
            self._returned[name] = _returned(self.functions[name])
        return self._returned.get(name, [])


def _returned(function: ast.AST) -> list[ast.expr]:
    """Return the values of a function's last ``return``, variables replaced by what they hold.

    The most deeply nested ``return`` counts as the last.
    """
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
        for name, value in _pairs(target, node.value)
    }
    parts = last.elts if isinstance(last, ast.Tuple) else [last]
    return [values.get(_receiver(part), part) for part in parts]


def _pairs(
    target: ast.expr, value: ast.expr, unpacked: Sequence[ast.expr] = ()
) -> list[tuple[str, ast.expr]]:
    """Return each name that an assignment binds, with the expression for its value.

    ``unpacked`` are the values for several targets where the value is no tuple itself.
    """
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if not isinstance(target, ast.Tuple):
        return []
    values = value.elts if isinstance(value, ast.Tuple) else unpacked
    pairs = zip(target.elts, values, strict=False)
    return [(name.id, each) for name, each in pairs if isinstance(name, ast.Name)]


def _receiver(value: ast.expr) -> str:
    """Return the name of the object itself in ``net.to(device).train()``."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    return value.id if isinstance(value, ast.Name) else ""


def _first_call(value: ast.expr | None) -> ast.Call | None:
    """Return ``Call(…)`` of ``Call(…).to(…).train()``."""
    while isinstance(value, ast.Call):
        inner = value.func
        if not (isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Call)):
            return value
        value = inner.value
    return None
