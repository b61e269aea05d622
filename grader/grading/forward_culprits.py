"""Finds the line of a forward pass that leaves a layer's parameters out of the training."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What takes numbers off the way on which gradients go back, and how it is told.
_CUTS = {
    **{name: f"{name}()" for name in ("detach", "item", "numpy", "tolist", "no_grad")},
    **{name: f"torch.{name}()" for name in ("tensor", "from_numpy", "as_tensor", "inference_mode")},
    "data": ".data",
}
_LAYERS = frozenset({"Linear", "LazyLinear", "Conv2d", "Conv1d"})
_FUNCTIONAL = frozenset({"linear", "conv2d", "conv1d"})
# A class that goes through its layers by itself uses them without a name.
_BY_OTHER_NAMES = frozenset({"getattr", "children", "modules", "_modules", "vars", "parameters"})


@dataclass(frozen=True)
class LeftOut:
    """The line, and in words why parameters are left out there."""

    line: int
    reason: str


def left_out_of_forward(
    node: ast.ClassDef, still: object, options: Mapping[str, object]
) -> LeftOut | None:
    """Return why parameters stand ``still``, if the methods that make a forward pass show it.

    Either a layer is made anew there and the one of ``__init__`` is not used, or what a layer
    gives is cut off.
    """
    layers = options.get("layers")
    known = [str(one) for one in layers] if isinstance(layers, (list, tuple)) else []
    named = [one for one in known if re.search(rf"\b{re.escape(one)}\b", str(still))] or known
    methods = list(_of_forward(node))
    unused = [one for one in named if not any(_mentions(m, one) for m in methods)]
    if unused and methods and not any(_goes_through(m) for m in methods):
        made = min((_line(n) for m in methods for n in walk(m) if _makes(n)), default=None)
        if made is None:
            return None
        names = " and ".join(f"self.{one}" for one in unused)
        reason = f" forward makes new numbers here at each call, and does not use {names} at all."
        return LeftOut(made, reason)
    for method in methods:
        used = [_line(n) for n in walk(method) if _is_layer(n, named)]
        for part in walk(method) if used else ():
            cut = _cut(part)
            # What is cut off before a layer is used is only its input.
            if cut and (_line(part) >= min(used) or any(_mentions(part, one) for one in named)):
                reason = f" {cut} in forward cuts the way back: no gradient comes past it to them."
                return LeftOut(_line(part), reason)
    return None


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _of_forward(node: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield ``forward``, and each method of the class that it calls."""
    own = {method.name: method for method in node.body if isinstance(method, FUNCTIONS)}
    wanted, seen = ["forward"], set()
    while wanted:
        name = wanted.pop()
        if name in seen or name not in own:
            continue
        seen.add(name)
        yield own[name]
        wanted += [n.attr for n in walk(own[name]) if isinstance(n, ast.Attribute)]


def _mentions(node: ast.AST, layer: str) -> bool:
    return any(_is_layer(one, [layer]) for one in walk(node))


def _is_layer(node: ast.AST, layers: list[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in layers


def _goes_through(node: ast.AST) -> bool:
    names = {getattr(one, "attr", getattr(one, "id", "")) for one in walk(node)}
    return bool(names & _BY_OTHER_NAMES)


def _makes(node: ast.AST) -> bool:
    """Whether a layer is made, or one's function is used."""
    name = dotted(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return name in _LAYERS | _FUNCTIONAL


def _cut(node: ast.AST) -> str:
    """Return in words what cuts numbers off, empty for what does not."""
    if isinstance(node, ast.Call):
        name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        off = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name == "set_grad_enabled":
            return "set_grad_enabled(False)" if off == [False] else ""
        return "" if name == "data" else _CUTS.get(name, "")
    attribute = isinstance(node, ast.Attribute) and node.attr == "data"
    return _CUTS["data"] if attribute else ""
