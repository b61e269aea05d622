"""Finds the answers that a person grades, and says of each whether there is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of
from grader.checks.remark import Remark, counted
from grader.grading.verdict import verdict
from grader.notebook.headings import heading_above
from grader.quoting import quotation
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.assignment import Assignment, Check
    from grader.grading.verdict import Verdict
    from grader.notebook.read import Cell, Notebook

# What stands in a student's notebook where an answer is to be written.
TEXT_STUB, CODE_STUB = "*Write your answer here.*", "# FILL IN HERE"
_STUBS = (TEXT_STUB, TEXT_STUB.strip("*"), CODE_STUB)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r" {0,3}#{1,6}\s")


def tag_of(check: Check) -> str:
    """Return the tag of the cells that hold the answer to a check."""
    return f"answer:{check.id}"


def judged_by_hand(
    notebook: Notebook, check: Check, solved: Notebook, parts: Sequence[int]
) -> Verdict:
    """Return that a person has to grade an answer, or that none was written.

    ``parts`` are the numbers of the cells that code is graded in. Where the cell is gone, a person
    looks: nobody gets 0 for an answer that was not found.
    """
    cells = answer_cells(notebook, check, solved, parts)
    text = "\n".join(filter(None, map(_written, cells)))
    at = (cells[0].number, 1) if cells else None
    if text:
        words = counted(len(text.split()), "word")
        facts = {"length": words, "answer": quotation(text)}
        found = Remark("to_be_graded", Severity.INFO, facts=facts, at=at)
        return verdict(check, [found], status=Status.NEEDS_GRADING)
    if not cells:
        lost = Remark("answer_not_found", Severity.INFO)
        return verdict(check, [lost], status=Status.NEEDS_GRADING)
    return verdict(check, [Remark("nothing_written", at=at)], status=Status.NOT_ATTEMPTED)


def answer_cells(
    notebook: Notebook, check: Check, solved: Notebook, parts: Sequence[int]
) -> list[Cell]:
    """Return the cells of an answer: the tagged ones, and what was added beside them.

    Where no cell has the tag, these are the cells below the solved notebook's heading.
    """
    tag = tag_of(check)
    given = {cell.source.strip() for cell in solved.cells if tag not in cell.tags}
    tagged = [cell.number for cell in notebook.cells if tag in cell.tags]
    headed = [] if tagged else _below_heading(notebook, tag, solved)
    found = {*tagged, *headed}
    for number in tagged:
        for step in (1, -1):
            beside = range(number + step, len(notebook.cells) + 1 if step > 0 else 0, step)
            found |= set(_added(notebook, beside, given, parts))
    cells = (cell for cell in notebook.cells if cell.number in found)
    return [c for c in cells if c.number in tagged or not _is_given(c, given, parts)]


def _below_heading(notebook: Notebook, tag: str, solved: Notebook) -> list[int]:
    """Return the numbers of the cells below the heading that the solved notebook's answer has."""
    own = next((cell.number for cell in solved.cells if tag in cell.tags), None)
    heading = heading_above(solved.cells, own)
    if not heading:
        return []
    return [
        cell.number
        for cell in notebook.cells
        if heading in (heading_above(notebook.cells, n) for n in (cell.number, cell.number + 1))
    ]


def _added(
    notebook: Notebook, numbers: Iterable[int], given: set[str], parts: Sequence[int]
) -> Iterator[int]:
    """Yield the numbers of cells up to the first that was there before, or begins a section."""
    for cell in (notebook.cells[number - 1] for number in numbers):
        headed = cell.kind == "markdown" and _HEADING.match(cell.source)
        tagged = any(tag.startswith("answer:") for tag in cell.tags)
        if headed or tagged or _is_given(cell, given, parts):
            return
        yield cell.number


def _is_given(cell: Cell, given: set[str], parts: Sequence[int]) -> bool:
    return cell.number in parts or cell.source.strip() in given


def answers_by_hand(
    notebook: Notebook, assignment: Assignment, solved: Notebook, parts: Sequence[int]
) -> list[str]:
    """Return the texts of all answers that a person grades, for the digest of equal work."""
    manual = [check for check in assignment.checks if kind_of(check).by_hand]
    found = [answer_cells(notebook, check, solved, parts) for check in manual]
    # What was not found may be anything.
    return ["\n".join(map(_written, cells)) if cells else notebook.sha256 for cells in found]


def _written(cell: Cell) -> str:
    lines = (line for line in _COMMENT.sub("", cell.source).split("\n"))
    return "\n".join(line for line in lines if line.strip() not in _STUBS).strip()
