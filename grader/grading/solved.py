"""The solved notebook of an assignment, and the same notebook with other answers in it."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.kinds import KINDS
from grader.errors import AssignmentError
from grader.grading.submission import open_submission
from grader.locate.answers import same_form, same_text
from grader.locate.blanks import BlankState
from grader.notebook.read import read_notebook
from grader.template import with_answer
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.assignment import Assignment, Check, Edit, Mistake
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart
    from grader.notebook.read import Cell, Notebook


class SolvedNotebook:
    """The solved notebook, taken apart, and its variants with a listed mistake each.

    May be used from several threads.
    """

    def __init__(self, assignment: Assignment) -> None:
        """Read the notebook; raises ``NotebookError`` when it is none."""
        self.assignment = assignment
        self.submission = open_submission(read_notebook(assignment.reference), assignment)
        self._variants: dict[int, Submission] = {}
        self._opening = threading.Lock()

    @property
    def answers(self) -> dict[int, str]:
        """The answers by the number of their blank."""
        sites = [site for part in self.submission.parts.values() for site in part.blanks]
        return {site.number: site.answer for site in sites}

    def is_right(self, number: int | None, submission: Submission) -> bool:
        """Whether a blank holds the solved notebook's answer or a listed alternative to it.

        The texts are compared without their layout; an answer of no listed form may be right too.
        """
        site = submission.site(number) if number is not None else None
        if site is None or number is None:
            return False
        solved = self.submission.site(number)
        known = [solved.answer] if solved is not None else []
        for alternative in self.assignment.alternatives:
            known += [edit.text for edit in alternative.edits if edit.blank == number]
        kind = self.assignment.blank(number).kind
        return any(same_text(text, site.answer, kind) for text in known)

    def is_written_right(self, number: int, submission: Submission) -> bool:
        """Whether a blank's answer stands there and is right; one may be right to be left out."""
        site = submission.site(number)
        answered = site is not None and site.state is BlankState.ANSWERED
        return answered and self.is_right(number, submission)

    def has_answer(self, number: int, submission: Submission) -> bool:
        """Whether a blank holds the solved notebook's own answer, whatever its layout."""
        site, solved = submission.site(number), self.submission.site(number)
        if site is None or solved is None:
            return False
        return same_text(solved.answer, site.answer, self.assignment.blank(number).kind)

    def is_right_but_for_names(self, number: int, submission: Submission) -> bool:
        """Whether a blank is right word for word, or the solved notebook's but for its names."""
        if self.is_right(number, submission):
            return True
        site, solved = submission.site(number), self.submission.site(number)
        if site is None or solved is None:
            return False
        kind = self.assignment.blank(number).kind
        return same_form(solved.answer, site.answer, kind)

    def mistakes_to_run(self, check: Check) -> Iterator[tuple[int, Mistake]]:
        """Yield the listed mistakes that are recognised by their behaviour, and their numbers."""
        for number, mistake in enumerate(self.assignment.mistakes):
            # The judge finds a code of its own by itself: without other words the listed mistake
            # has nothing to add.
            known = mistake.words is None and knows(mistake.code)
            if not (mistake.only_text or known) and check.id in mistake.verdict:
                yield number, mistake

    def with_mistake(self, number: int) -> Submission:
        """Return the solved notebook with a listed mistake in it; kept, as several checks ask."""
        with self._opening:
            if number not in self._variants:
                edits = self.assignment.mistakes[number].edits
                solved = self.submission
                notebook = edited(solved.notebook, edits, self.assignment, solved.parts)
                self._variants[number] = open_submission(notebook, self.assignment)
            return self._variants[number]

    def warm_up(self) -> None:
        """Take apart every variant that a submission with a mistake will be compared with."""
        for check in self.assignment.checks:
            if KINDS[check.kind].alike is not None:
                for number, _ in self.mistakes_to_run(check):
                    self.with_mistake(number)


def edited(
    notebook: Notebook,
    edits: Sequence[Edit],
    assignment: Assignment,
    parts: Mapping[str, LocatedPart] | None = None,
) -> Notebook:
    """Return the solved notebook with each edit made.

    ``parts`` are those found in it, where the caller has them. Raises ``AssignmentError`` for an
    edit whose place is not found exactly once.
    """
    for edit in edits:
        if parts is None and edit.blank is None:
            # An edit does not move a part to another cell, so finding them once is enough.
            parts = open_submission(notebook, assignment).parts
        notebook = _edited(notebook, edit, parts or {})
    return notebook


def _edited(notebook: Notebook, edit: Edit, parts: Mapping[str, LocatedPart]) -> Notebook:
    if edit.blank is not None:
        number, text = edit.blank, edit.text
        return _replace(
            notebook,
            [c for c in notebook.cells if re.search(rf"# ANSWER {number}\b", c.source)],
            lambda source: with_answer(source, number, text),
            f"answer {number}",
        )
    part = parts.get(edit.part or "")
    find = edit.find or ""
    where = [
        c for c in notebook.cells if part and c.number == part.cell and c.source.count(find) == 1
    ]
    return _replace(
        notebook, where, lambda source: source.replace(find, edit.text), f"the text {find!r}"
    )


def _replace(
    notebook: Notebook, where: Sequence[Cell], change: Callable[[str], str], what: str
) -> Notebook:
    if len(where) != 1:
        raise AssignmentError(
            f"{what} stands {len(where)} times in the solved notebook, not once",
            "correct the entry among the assignment's mistakes or alternatives",
        )
    changed = replace(where[0], source=change(where[0].source))
    cells = tuple(changed if cell is where[0] else cell for cell in notebook.cells)
    return replace(notebook, cells=cells)
