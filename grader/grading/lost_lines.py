"""A given line that a notebook has lost: what makes a name that an exception misses.

Tools that tidy code (ruff, autoflake) take out or rename what nothing uses, and before a blank is
filled in nothing uses what its answer is made of.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook
from grader.notebook.syntax import walk, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.assignment import Assignment
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


def lost_line(
    error: Mapping[str, Any], submission: Submission, assignment: Assignment
) -> tuple[str, str] | None:
    """Return the name that an exception misses, and the given line that makes it.

    ``None`` where the part makes that name itself, and where no given line does.
    """
    missed = _UNKNOWN.search(str(error.get("message", "")))
    frames = error.get("frames") or ()
    if error.get("type") != "NameError" or missed is None or not frames:
        return None
    cell, line = frames[-1]
    parts = submission.parts.items()
    place = next(
        (name for name, part in parts if part.cell == cell and part.first <= line <= part.last), ""
    )
    if not place or any(_assignments(submission.parts[place], missed[1])):
        return None
    solved = open_submission(read_notebook(assignment.reference), assignment).parts.get(place)
    for made in _assignments(solved, missed[1]) if solved is not None else ():
        if not _holds_a_blank(made, solved):
            text = written(made)
            return None if text is None else (missed[1], text)
    return None


def _assignments(part: LocatedPart | None, name: str) -> Iterator[ast.stmt]:
    """Yield the statements of a part that give a name its value."""
    for statement in part.statements if part is not None else ():
        for node in walk(statement.node):
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = (inner for target in targets for inner in walk(target))
                if any(isinstance(one, ast.Name) and one.id == name for one in names):
                    yield node


def _holds_a_blank(node: ast.stmt, part: LocatedPart | None) -> bool:
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    sites = part.blanks if part is not None else ()
    spans = (site.statement or site.span for site in sites)
    # A loop has blanks in it, and its text would be an answer.
    return isinstance(node, ast.For) or any(
        span is None or (span.line <= lines[-1] and lines[0] <= span.end_line) for span in spans
    )
