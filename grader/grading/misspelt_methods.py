"""Finds a special method whose name is misspelt: Python never calls it, and stops elsewhere."""

from __future__ import annotations

import ast
import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import FUNCTIONS

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

CODE = "init_misspelt"
_INIT = "__init__"
_NEAR = 0.75


def with_init_named(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return an exception of a class as the fault of a method that is nearly ``__init__``."""
    if remark.error is None or remark.code != "raises":
        return remark
    for part in (submission.parts[name] for name in check.parts if name in submission.parts):
        node = part.statements[0].node if part.statements else None
        if not isinstance(node, ast.ClassDef):
            continue
        methods = [method for method in node.body if isinstance(method, FUNCTIONS)]
        names = [method.name for method in methods]
        near = [] if _INIT in names else difflib.get_close_matches(_INIT, names, 1, _NEAR)
        for method in methods:
            if method.name in near:
                facts = {**remark.facts, "name": method.name}
                return replace(remark, code=CODE, facts=facts, at=(part.cell, method.lineno))
    return remark
