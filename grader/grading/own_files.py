"""Finds what is wrong between a check, the file of its own kind and the solved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks import generator
from grader.checks.kinds import KINDS, kind_of
from grader.decode import DecodingError, suggestion
from grader.errors import AssignmentError
from grader.grading.by_hand import tag_of
from grader.notebook.read import read_notebook
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.assignment.model import OwnCheck


def wrong_in_its_files(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield what is wrong, each with its path below the check.

    Raises ``AssignmentError`` for an error in the instructor's own code.
    """
    if check.own is None:
        if kind_of(check).by_hand:
            yield from _untagged(check, assignment)
        return
    _require_words(check.own, assignment)
    key = "id" if check.kind == check.id else "kind"
    if check.kind in KINDS:
        hint = f"give {check.own.path} another name"
        yield DecodingError("a kind of the grader's own has this name", hint, (key,))
    if not check.parts or assignment.part(check.parts[0]).kind == "loop":
        hint = "its first part has to be a function or a class, which the probe calls"
        yield DecodingError("a check of one's own runs no loop", hint, ("parts",))


def try_to_draw(check: Check, assignment: Assignment) -> None:
    """Raise ``AssignmentError`` for what goes wrong when an own check's file draws.

    What is drawn is drawn for each grading; an error of the file's is told here.
    """
    if check.own is not None:
        kind_of(check).draw(generator(0, check.id), check, assignment, None, "cpu")


def _untagged(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for an answer that no cell of the solved notebook holds."""
    tag = tag_of(check)
    if not any(tag in cell.tags for cell in read_notebook(assignment.reference).cells):
        problem = f'no cell of {assignment.reference.name} has the tag "{tag}"'
        yield DecodingError(problem, "tag the cell that holds the answer to it", ("id",))


def _require_words(own: OwnCheck, assignment: Assignment) -> None:
    """Raise ``AssignmentError`` for a remark that a student would read without any words."""
    for code, line in own.codes.items():
        if code not in assignment.words and not knows(code):
            raise AssignmentError(
                f'{own.path}, line {line}: there are no words for "{code}"',
                suggestion(code, own.words) or f'write WORDS = {{"{code}": {{"message": "…"}}}}',
            )
