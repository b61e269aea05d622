"""Finds code of a part that does not count: in a text cell, or above an empty copy of it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.notebook.syntax import DEFINITIONS
from grader.quoting import quoted
from grader.report import Severity

if TYPE_CHECKING:
    from grader.assignment import Check, Part
    from grader.grading.submission import Submission

_WORD = {"class": "class", "function": "def"}


def not_found(part: Part, submission: Submission) -> Remark:
    """Return the remark on a part that no code cell holds."""
    facts: dict[str, str | int] = {"title": part.title}
    cell = _text_cell(part, submission)
    if cell is None:
        return Remark("part_missing", facts=facts)
    return Remark("part_in_text", facts={**facts, "cell": cell})


def _text_cell(part: Part, submission: Submission) -> int | None:
    """Return the number of the cell of text in which the definition of a part stands."""
    if part.kind not in _WORD:
        return None
    definition = re.compile(rf"^{_WORD[part.kind]} +{re.escape(part.name)}\b", re.MULTILINE)
    cells = [cell for cell in submission.notebook.cells if cell.kind != "code"]
    return next((cell.number for cell in cells if definition.search(cell.source)), None)


def filled_above(check: Check, submission: Submission) -> list[Remark]:
    """Return a remark on another definition of a part that stands above the one that is empty."""
    found = []
    for part in (submission.parts[name] for name in check.parts if name in submission.parts):
        own = part.statements[0] if part.statements else None
        if own is None or not isinstance(own.node, DEFINITIONS):
            continue
        for other in submission.code.binders.get(own.node.name, ()):
            same = type(other.node) is type(own.node)
            if same and other.order < own.order and ast.dump(other.node) != ast.dump(own.node):
                facts: dict[str, str | int] = {"name": quoted(own.node.name), "cell": own.cell}
                place = (other.cell, other.node.lineno)
                found.append(Remark("filled_above", Severity.INFO, facts=facts, culprit=place))
    return found[-1:]
