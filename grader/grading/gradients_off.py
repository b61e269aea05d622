"""Finds the line that switches gradients off, where backward() then finds none to go back to."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.statements import Statement

_ERROR = "does not require grad and does not have a grad_fn"
_FOR_ONE = "requires_grad"
_FOR_ALL = "set_grad_enabled"
_CODES = ("raises", "stops_later", "gradients_switched_off", "parameters_frozen")
_ADVICE = {
    "gradients_switched_off": "for which lines are gradients to be off, and where does that end?",
    "parameters_frozen": "is the training to keep the model's parameters as they are?",
}
_EFFECT = {
    "gradients_switched_off": "has switched gradients off",
    "parameters_frozen": "has set requires_grad to False",
}
# A line, and whether it switches gradients on.
_Switch = tuple[int, bool]


def with_gradients_off(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on such an exception with the line that has switched gradients off.

    It is the last one before the end of the loop that switches them at all. A remark that has its
    name keeps that, and is told which line it is.
    """
    if remark.code not in _CODES or remark.error is None:
        return remark
    loops = [submission.parts[name] for name in check.parts if name in submission.parts]
    own = [s for part in loops if part.part.kind == "loop" for s in part.statements]
    if _ERROR not in remark.error["message"] or not own:
        return remark
    # A loop by itself runs with few of the other cells.
    everything = submission.code.statements if len(check.parts) > 1 else own
    before = [s for s in everything if s.order <= max(one.order for one in own)]
    models = set(submission.roles.names("model"))
    of_model = [s for s in before if s.needs & models or isinstance(s.node, ast.ClassDef)]
    for code, at in (
        ("gradients_switched_off", _last(before, _for_all)),
        ("parameters_frozen", _last(of_model, switched)),
    ):
        if at is not None:
            return _told(remark, code, at, submission)
    return remark


def _told(remark: Remark, code: str, at: tuple[int, int], submission: Submission) -> Remark:
    """Return the remark with the line that has switched gradients off, and by that name."""
    cell, line = at
    text = submission.code.lines(cell)[line - 1].partition("#")[0].strip()
    undone = "nothing undoes that before backward() is called"
    switched_by = f"{quoted(text)} {_EFFECT[code]}, and {undone}."
    facts = {**remark.facts, "switched": switched_by, "explained": switched_by}
    if remark.code == "stops_later":
        # It costs what an exception in a later epoch does.
        facts["advised"] = _ADVICE[code]
        return replace(remark, facts=facts, culprit=remark.culprit or at)
    if remark.culprit is not None or remark.mistake is not None or remark.code != "raises":
        return replace(remark, facts=facts)
    return replace(remark, code=code, blank=None, culprit=at, facts=facts)


def switched(node: ast.AST) -> Iterator[_Switch]:
    """Yield what turns gradients of single tensors on or off."""
    for part in walk(node):
        if isinstance(part, ast.Assign):
            target = part.targets[0]
            if isinstance(target, ast.Attribute) and target.attr == _FOR_ONE:
                yield part.lineno, not _is_false(part.value)
        elif isinstance(part, ast.Call) and getattr(part.func, "attr", "") == f"{_FOR_ONE}_":
            yield part.lineno, not any(map(_is_false, _arguments(part)))


def _for_all(node: ast.AST) -> Iterator[_Switch]:
    """Yield what turns all gradients on or off from there on; the head of a ``with`` has an end."""
    for part in walk(node):
        call = part.value if isinstance(part, (ast.Expr, ast.Assign)) else None
        if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] == _FOR_ALL:
            yield call.lineno, not any(map(_is_false, _arguments(call)))


def _last(
    statements: Iterable[Statement], switches: Callable[[ast.AST], Iterator[_Switch]]
) -> tuple[int, int] | None:
    """Return cell and line of the last switch, if it is one that turns off."""
    found = [(s.cell, line, on) for s in statements for line, on in sorted(switches(s.node))]
    cell, line, on = found[-1] if found else (0, 0, True)
    return None if on else (cell, line)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
