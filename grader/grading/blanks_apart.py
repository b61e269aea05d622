"""Tells what is observed of a blank from what follows from another that was put aside."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_LOOPS = (ast.For, ast.While)


def stands_alone(remark: Remark, aside: Collection[int], submission: Submission) -> bool:
    """Whether a remark is about a blank that runs whether or not others are put ``aside``.

    A blank in a function within a loop runs when that is called, which the answer aside may do.
    """
    if not aside:
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
