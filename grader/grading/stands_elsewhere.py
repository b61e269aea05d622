"""Finds what stands for a part: its text in a text cell, a copy above, another library's call."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.locate.names import dotted, names_in
from grader.notebook.syntax import DEFINITIONS, FUNCTIONS, walk
from grader.quoting import quoted
from grader.report import Severity

if TYPE_CHECKING:
    from grader.assignment import Check, Part
    from grader.grading.submission import Submission

_WORD = {"class": "class", "function": "def"}
# What Keras, Lightning and fastai train with, and how many passes they are told to make.
_FIT = frozenset({"fit", "fit_one_cycle", "fine_tune", "train_on_batch"})
_PASSES = frozenset({"epochs", "max_epochs", "num_epochs", "n_epoch"})


def not_found(part: Part, submission: Submission) -> Remark:
    """Return the remark on a part that no code cell holds."""
    facts: dict[str, str | int] = {"title": part.title}
    cell = _text_cell(part, submission)
    if cell is not None:
        return Remark("part_in_text", facts={**facts, "cell": cell})
    call = _call_of_another_library(part, submission)
    if call is not None:
        name, place = call
        return Remark("trained_by_fit", facts={**facts, "call": quoted(name)}, culprit=place)
    return Remark("part_missing", facts=facts)


def _call_of_another_library(
    part: Part, submission: Submission
) -> tuple[str, tuple[int, int]] | None:
    """Return the call that trains in a loop's place, and where it stands.

    It is no method that the notebook has written itself, and is given the loop's batches or a
    number of passes: a scaler is fitted without.
    """
    if part.kind != "loop":
        return None
    batches = set(submission.roles.names(part.iterates))
    calls = [
        (statement.cell, node)
        for statement in submission.code.statements
        for node in walk(statement.node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    own = {
        node.name
        for statement in submission.code.statements
        for node in walk(statement.node)
        if isinstance(node, FUNCTIONS)
    }
    for cell, call in calls:
        name = dotted(call.func)
        told = batches & names_in(call) or _PASSES & {word.arg for word in call.keywords}
        if name.rpartition(".")[2] in _FIT - own and told:
            return f"{name}(…)", (cell, call.lineno)
    return None


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
