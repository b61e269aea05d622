"""Checks where the findings of an audit's cases point: never at an answer that is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.cases import touched
from grader.grading.part_lines import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment, Mistake
    from grader.audit.model import Case, CheckOutcome

# Characters of a line of code, without its spaces.
_LONG = 12


def wrong_arrows(case: Case, cells: Sequence[CheckOutcome], assignment: Assignment) -> list[str]:
    """Return a sentence for each finding of a case with mistakes that points at a wrong line.

    An answer that is right, and that no mistake of the case moves, is not to blame. Where an entry
    says at which line its finding points, it must be that one.
    """
    found = []
    changed = {blank for mistake in case.mistakes for blank in touched(mistake)}
    written = {
        bare(line)
        for mistake in case.mistakes
        for edit in mistake.edits
        for line in edit.text.splitlines()
    }
    for cell, check in zip(cells, assignment.checks, strict=True):
        answers = {n: case.right.get(n, "") for n in check.blanks if n not in changed}
        right = {line: n for n, text in answers.items() for line in _lines(text)}
        for code, text in cell.arrows:
            number = right.get(bare(text)) if text and bare(text) not in written else None
            if number is not None:
                found.append(f"{code} points at the right answer of blank {number}: {text.strip()}")
    for mistake in case.mistakes if len(case.mistakes) == 1 else ():
        found += _elsewhere(mistake, cells)
    return found


def _lines(answer: str) -> list[str]:
    """Return an answer, or the lines of a block that are too long to stand elsewhere by chance."""
    lines = answer.splitlines()
    return [bare(line) for line in lines if len(lines) == 1 or len(bare(line)) >= _LONG]


def _elsewhere(mistake: Mistake, cells: Sequence[CheckOutcome]) -> list[str]:
    """Return a sentence where the finding does not point at the line that the entry tells."""
    if mistake.arrow is None:
        return []
    for cell in cells:
        for code, text in cell.arrows:
            if code == mistake.code:
                wanted, shown = bare(mistake.arrow), bare(text)
                if (wanted in shown) if wanted else not shown:
                    return []
                where = f"at {text.strip()}" if text else "at no line"
                should = f"at {mistake.arrow}" if mistake.arrow else "at none"
                return [f"{code} points {where}, should point {should}"]
    return []
