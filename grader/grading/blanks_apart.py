"""Tells what is observed of a blank from what follows from another that was put aside."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of
from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_LOOPS = (ast.For, ast.While)


def stands_alone(
    remark: Remark, aside: Collection[int], check: Check, submission: Submission
) -> bool:
    """Whether what a remark says is so whether or not the blanks ``aside`` are filled in rightly.

    A blank in a function within a loop runs when that is called, which the answer aside may do.
    """
    if not aside or remark.code in kind_of(check).beside:
        return True
    site = submission.site(remark.blank) if remark.blank is not None else None
    if site is None or site.number in aside:
        return False
    statements = [s for part in submission.parts.values() for s in part.statements]
    return not any(
        isinstance(inner, FUNCTIONS) and inner.lineno <= site.line <= (inner.end_lineno or 0)
        for statement in statements
        if statement.cell == site.cell
        for node in walk(statement.node)
        if isinstance(node, _LOOPS)
        for inner in walk(node)
    )
