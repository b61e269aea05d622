"""Finds the line that parses a command's arguments, where a notebook has only Jupyter's own."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_CODE = "arguments_of_jupyter"
_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


def with_parsed_arguments(remark: Remark, _check: Check, submission: Submission) -> Remark:
    """Return a remark on a name that is missing with the parser that ended instead of binding it.

    A parser that does not know an argument ends the program.
    """
    error = remark.error
    if error is None or not error.get("cause", "").startswith("SystemExit"):
        return remark
    found = _UNKNOWN.match(error["message"])
    name = found[1] if found else ""
    for statement in submission.code.binders.get(name, ()):
        for node in walk(statement.node):
            if isinstance(node, ast.Call) and _parses(node):
                facts = {**remark.facts, "name": quoted(name)}
                at = (statement.cell, node.lineno)
                return replace(remark, code=_CODE, blank=None, culprit=at, facts=facts)
    return remark


def _parses(call: ast.Call) -> bool:
    """Whether a call parses the program's own arguments, and no others."""
    given = [*call.args, *call.keywords]
    return not given and getattr(call.func, "attr", "") == "parse_args"
