"""Finds the place of a remark on a statement that is not there: the function that it is not in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

# Codes about what a function never does, and the names of what would do it.
_DOING = {
    "gradients_on": {"no_grad", "inference_mode", "set_grad_enabled", "enable_grad"},
    "not_back_in_train_mode": {"train"},
    "not_in_eval_mode": {"eval", "train"},
}


def lacking_in(
    remark: Remark, check: Check, submission: Submission
) -> tuple[int, int | None] | None:
    """Return cell and line of the function that lacks a statement; ``None`` if it may have it.

    Of a loop that leaves out an update only the cell is known in which it makes the others.
    """
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if part is None or not part.statements:
        return None
    if remark.code.startswith("missing_") and remark.lines:
        site = submission.site(remark.blank) if remark.blank is not None else None
        return None if site is not None and site.line else (remark.lines[0][0], None)
    doing = _DOING.get(remark.code)
    node = part.statements[0].node
    if doing is None or not isinstance(node, FUNCTIONS):
        return None
    named = {n.attr for n in walk(node) if isinstance(n, ast.Attribute)}
    named |= {n.id for n in walk(node) if isinstance(n, ast.Name)}
    if remark.code == "not_in_eval_mode" and "eval" not in named:
        # Only a call that is told so switches to eval mode by this name.
        told = [n for n in walk(node) if isinstance(n, ast.Call) and (n.args or n.keywords)]
        if not any(getattr(n.func, "attr", "") == "train" for n in told):
            named -= {"train"}
    return None if named & doing else (part.cell, node.lineno)
