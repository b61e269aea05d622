"""Finds the line of a training loop that is the reason for a remark, where the code shows it.

What was observed says what happened; these rules say which statement of the student's leads there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.grading.loop_locations import loop_of
from grader.grading.number_ranges import empty_range
from grader.grading.wrong_steps import cleared_too_often, past_the_scaler, wrong_step
from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.statements import Code

# What takes a number out of the way on which gradients go back.
_CUTS = frozenset({"detach", "data", "item", "argmax", "numpy", "tolist", "tensor", "no_grad"})
_CUTS |= {"inference_mode", "long", "int", "from_numpy", "set_grad_enabled"}
_CUTTING_NAMES = frozenset({"no_grad", "inference_mode", "int"})
_CUT_OFF = frozenset({"backward_elsewhere", "scores_cut_off"})
_CUT_ERRORS = ("'float' object has no attribute 'backward'", "does not require grad")
_LOOPS = (ast.For, ast.While)
_MISSING = frozenset({"missing_zero_grad", "missing_backward", "missing_step"})
_UPDATES = ("zero_grad", "backward", "step")
_MAIN = "__main__"
_NO_CALL = "is not callable"


@dataclass(frozen=True)
class _Loop:
    """The nodes of a loop's statements with their cells, and the notebook's code."""

    nodes: list[tuple[int, ast.AST]]
    code: Code


def with_culprit(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on a loop with the line that leads to it, and what that is, if one shows."""
    part = loop_of(check, submission)
    if part is None or not part.statements:
        return remark
    if remark.code == "one_batch_only" and remark.only is not None:
        return replace(remark, culprit=remark.only)  # what is taken, not where it is used
    nodes = [(s.cell, node) for s in part.statements for node in walk(s.node)]
    loop = _Loop(nodes, submission.code)
    shown = None if _has_its_line(remark) else _line(remark, loop)
    return shown or _named(remark, loop) or remark


def _has_its_line(remark: Remark) -> bool:
    """Whether a remark points at a line already that is the student's own."""
    shown = [tuple(line) for line in (*remark.lines[:1], *([remark.at] if remark.at else []))]
    if remark.error is not None:
        shown = [tuple(frame) for frame in remark.error["frames"][-1:]]
    return remark.only is not None or any(place not in remark.same for place in shown)


def _line(remark: Remark, loop: _Loop) -> Remark | None:
    """Return the remark with the line that leads to it."""
    text = str(remark.error["message"]) if remark.error else ""
    if remark.code in _CUT_OFF or any(error in text for error in _CUT_ERRORS):
        return _cut(remark, loop)
    if remark.code == "starts_anew":
        return _loaded(remark, loop)
    if remark.code == "learning_rate_zero":
        return _scheduled(remark, loop)
    return None


def _named(remark: Remark, loop: _Loop) -> Remark | None:
    """Return the remark under the name of what a line does that leads to it."""
    if remark.code == "no_batches":
        return _never_begun(remark, loop)
    if remark.code in _MISSING and (under := _under_condition(loop)) is not None:
        return replace(_at(remark, *under, "update_not_reached"), blank=None)
    if remark.code == "scaled_gradient" and (step := past_the_scaler(loop.nodes)) is not None:
        return replace(_at(remark, *step, "scaler_passed_by"), blank=None)
    if remark.facts.get("unused") and (cleared := cleared_too_often(loop.nodes)) is not None:
        return replace(_at(remark, *cleared, "collected_and_cleared"), blank=None)
    if remark.code == "missing_backward":
        return _closure(remark, loop)
    if remark.code == "missing_step":
        found = wrong_step(loop.nodes, loop.code)
        return None if found is None else _at(remark, *found)
    if remark.error is None or _NO_CALL not in remark.error["message"]:
        return None
    carried_out = _carried_out(remark, loop) if "raises" in (remark.code, remark.observed) else None
    return carried_out or (_overwritten(remark, loop) if remark.code == "raises" else None)


def _at(remark: Remark, cell: int, node: ast.AST, code: str = "", **facts: str) -> Remark:
    """Return the remark with its line, and with a code of its own and the facts for its words."""
    placed = replace(remark, culprit=(cell, getattr(node, "lineno", 0)))
    if not code:
        return placed
    return replace(placed, code=code, mistake=None, facts={**remark.facts, **facts})


def _cut(remark: Remark, loop: _Loop) -> Remark | None:
    """Find the first line before backward at which the loss is cut off from the model."""
    ends = [
        n.lineno for _, n in loop.nodes if isinstance(n, ast.Attribute) and n.attr == "backward"
    ]
    lines, kept = {}, set()
    for cell, node in loop.nodes:
        attribute, name = getattr(node, "attr", ""), getattr(node, "id", "")
        place = (cell, getattr(node, "lineno", 0))
        cuts = attribute in _CUTS or name in _CUTTING_NAMES
        if isinstance(node, ast.Call) and _switches_on(node):
            kept.add(place)
        if cuts and place not in remark.same and place[1] <= max(ends, default=0):
            lines[place] = (cell, node)
    found = sorted(lines.keys() - kept)
    return _at(remark, *lines[found[0]]) if found else None


def _switches_on(call: ast.Call) -> bool:
    """Whether a call says that gradients are to be computed."""
    values = [argument.value for argument in _arguments(call) if isinstance(argument, ast.Constant)]
    return dotted(call.func).endswith("set_grad_enabled") and values == [True]


def _loaded(remark: Remark, loop: _Loop) -> Remark | None:
    """Find the one line within a loop that loads parameters."""
    lines = {
        (cell, node.lineno): (cell, node)
        for cell, outer in loop.nodes
        if isinstance(outer, _LOOPS)
        for node in walk(outer)
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".load_state_dict")
    }
    return _at(remark, *lines[min(lines)]) if len(lines) == 1 else None


def _scheduled(remark: Remark, loop: _Loop) -> Remark | None:
    """Find what makes the one scheduler, where nothing else was seen to set the learning rate."""
    made = [
        (statement.cell, statement.node)
        for statement in loop.code.statements
        if isinstance(statement.node, ast.Assign)
        and any(getattr(node, "attr", "") == "lr_scheduler" for node in walk(statement.node))
    ]
    return _at(remark, *made[0]) if len(made) == 1 else None


def _never_begun(remark: Remark, loop: _Loop) -> Remark | None:
    """Find the condition, or the loop around the batches, that is never entered."""
    for cell, node in loop.nodes:
        if isinstance(node, ast.If):
            names = {n.id for n in walk(node.test) if isinstance(n, ast.Name)}
            texts = {n.value for n in walk(node.test) if isinstance(n, ast.Constant)}
            if "__name__" in names and _MAIN not in texts:
                return _at(remark, cell, node, "never_main")
        if isinstance(node, ast.For) and empty_range(node.iter, loop.code):
            return _at(remark, cell, node, "empty_range", range=quoted(ast.unparse(node.iter)))
    return None


def _under_condition(loop: _Loop) -> tuple[int, ast.AST] | None:
    """Return the innermost condition under which all lines of the update stand."""
    calls = _updates([node for _, node in loop.nodes])
    if {dotted(call.func).rpartition(".")[2] for call in calls} != set(_UPDATES):
        return None
    conditions = [(cell, node) for cell, node in loop.nodes if isinstance(node, ast.If)]
    around = [(c, n) for c, n in conditions if len(_updates(walk(n))) == len(calls)]
    return around[-1] if around else None


def _updates(nodes: Iterable[ast.AST]) -> list[ast.Call]:
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [call for call in calls if dotted(call.func).rpartition(".")[2] in _UPDATES]


def _closure(remark: Remark, loop: _Loop) -> Remark | None:
    """Find the function that a step is given, which does not compute the gradients."""
    given = [(cell, argument) for cell, call in _steps(loop) for argument in _arguments(call)]
    names = {argument.id for _, argument in given if isinstance(argument, ast.Name)}
    named = [(c, n) for c, n in loop.nodes if isinstance(n, FUNCTIONS) and n.name in names]
    for cell, node in [*named, *given]:
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            return _at(remark, cell, node, "closure_without_backward")
    return None


def _steps(loop: _Loop) -> list[tuple[int, ast.Call]]:
    calls = [(cell, node) for cell, node in loop.nodes if isinstance(node, ast.Call)]
    return [(cell, call) for cell, call in calls if dotted(call.func).endswith(".step")]


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _raised(remark: Remark) -> tuple[int, ...]:
    frames = remark.error["frames"] if remark.error else []
    return tuple(frames[-1]) if frames else ()


def _carried_out(remark: Remark, loop: _Loop) -> Remark | None:
    """Find a step that is given the result of a function of the loop's, not that function."""
    functions = {node.name for _, node in loop.nodes if isinstance(node, FUNCTIONS)}
    for cell, call in _steps(loop):
        inner = {dotted(a.func) for a in _arguments(call) if isinstance(a, ast.Call)}
        if (cell, call.lineno) == _raised(remark) and inner & functions:
            return _at(remark, cell, call, "closure_carried_out")
    return None


def _overwritten(remark: Remark, loop: _Loop) -> Remark | None:
    """Find the line that gives a name another value, where that name is called as a function."""
    raised = _raised(remark)
    called = {
        node.func.id
        for cell, node in loop.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (cell, node.lineno) == raised
    }
    for cell, node in loop.nodes:
        if isinstance(node, ast.Assign) and (cell, node.lineno) not in remark.same:
            bound = {
                n.id for target in node.targets for n in walk(target) if isinstance(n, ast.Name)
            }
            if bound & called:
                return _at(remark, cell, node, "name_used_twice", name=min(bound & called))
    return None
