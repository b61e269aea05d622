"""Finds a method that stands outside of its class, as a function of its own."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import FUNCTIONS

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_CODE = "method_outside_class"
_MISSING = re.compile(r"has no attribute '(\w+)'|missing the required \"(\w+)\" function")


def with_method_outside(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return an exception of a method that a class lacks as the fault of where that one stands.

    A cell that was split within a class makes a function of each method below: Python takes the
    blanks before its first line for nothing.
    """
    found = _MISSING.search(remark.error["message"]) if remark.error is not None else None
    parts = [submission.parts[name] for name in check.parts if name in submission.parts]
    classes = [s for part in parts for s in part.statements if isinstance(s.node, ast.ClassDef)]
    name = (found[1] or found[2]) if found else ""
    for statement in submission.code.statements if classes else ():
        node = statement.node
        below = statement.order > classes[0].order
        if below and isinstance(node, FUNCTIONS) and node.name == name and _is_method(node):
            place = (statement.cell, node.lineno)
            facts = {**remark.facts, "name": name}
            return replace(remark, code=_CODE, mistake=None, facts=facts, culprit=place)
    return remark


def _is_method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg == "self"
