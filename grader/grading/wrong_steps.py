"""Finds what stands in a loop where the optimizer's step should be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.locate.statements import Code

_PARAMETERS = frozenset({"parameters", "named_parameters"})
_Found = tuple[int, ast.AST, str]


def wrong_step(nodes: Iterable[tuple[int, ast.AST]], code: Code) -> tuple[int, ast.AST, str] | None:
    """Return cell, node and code of a line that seems to update and does not, or goes uphill."""
    for cell, node in nodes:
        if isinstance(node, ast.Call) and _moves_a_scheduler(node, code):
            return cell, node, "scheduler_steps_alone"
        if isinstance(node, ast.For) and (bound := _bound_anew(node)) is not None:
            return cell, bound, "name_bound_anew"
        if isinstance(node, ast.AugAssign) and _adds_the_gradient(node):
            return cell, node, "climbs_by_hand"
    return None


def past_the_scaler(nodes: Iterable[tuple[int, ast.AST]]) -> tuple[int, ast.AST] | None:
    """Return cell and node of an optimizer's step, where a scaler has multiplied the loss."""
    calls = [
        (cell, node)
        for cell, node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    scalers = {dotted(call.func).rpartition(".")[0] for _, call in calls if _method(call, "scale")}
    steps = [(cell, call) for cell, call in calls if _method(call, "step")]
    by_scaler = any(dotted(call.func).rpartition(".")[0] in scalers for _, call in steps)
    return steps[0] if scalers and steps and not by_scaler else None


def cleared_too_often(nodes: Iterable[tuple[int, ast.AST]]) -> tuple[int, ast.AST] | None:
    """Return cell and node of what clears gradients, where the loss is divided to collect them."""
    nodes = list(nodes)
    calls = [(c, n) for c, n in nodes if isinstance(n, ast.Call)]
    of = [
        call.func.value
        for _, call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "backward"
    ]
    names = {one.id for one in of if isinstance(one, ast.Name)}
    divided = any(_is_divided(one) for one in of)
    for _, node in nodes:
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            bound = {target.id for target in targets if isinstance(target, ast.Name)}
            own = isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div)
            divided |= bool(bound & names) and (own or _is_divided(node.value))
    clears = [(cell, call) for cell, call in calls if _method(call, "zero_grad")]
    return clears[0] if divided and len(clears) == 1 else None


def _is_divided(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _method(call: ast.Call, name: str) -> bool:
    return dotted(call.func).rpartition(".")[2] == name


def _moves_a_scheduler(call: ast.Call, code: Code) -> bool:
    name, _, method = dotted(call.func).rpartition(".")
    return method == "step" and any(
        getattr(node, "attr", "") == "lr_scheduler"
        for statement in code.binders.get(name, ())
        for node in walk(statement.node)
    )


def _bound_anew(loop: ast.For) -> ast.Assign | None:
    """Return what gives the name of a parameter another value, in a loop over parameters."""
    if not _PARAMETERS & {n.attr for n in walk(loop.iter) if isinstance(n, ast.Attribute)}:
        return None
    names = {n.id for n in walk(loop.target) if isinstance(n, ast.Name)}
    for node in walk(loop):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id in names:
                return node
    return None


def _adds_the_gradient(node: ast.AugAssign) -> bool:
    inner = walk(node.value)
    grad = any(isinstance(one, ast.Attribute) and one.attr == "grad" for one in inner)
    turned = any(isinstance(one, (ast.USub, ast.Sub)) for one in inner)
    return isinstance(node.op, ast.Add) and grad and not turned
