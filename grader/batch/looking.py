"""Looks into notebooks, for choosing among several of one student."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from grader.assignment import all_assignments, load_assignment
from grader.errors import GraderError
from grader.grading.recognise import recognise, refuse_another
from grader.grading.submission import open_submission
from grader.intake import Content, read_attempt
from grader.notebook.read import parse_notebook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.intake import Archives
    from grader.intake.model import Item
    from grader.notebook.read import Notebook

_ANOTHER = "another"  # it is not asked which


class Looker:
    """Tells what is in a notebook, by parsing it: nothing in it runs, and it raises nothing.

    ``named`` is the class's assignment where the user named it: a name, or the path of a folder.
    ``course`` are the assignments of a course, which may lie anywhere.
    """

    def __init__(
        self, archives: Archives, named: str | None, course: Sequence[Assignment] = ()
    ) -> None:
        """Raise ``GraderError`` if the named assignment cannot be loaded."""
        self._archives, self._course = archives, course
        self._named = None if named is None else load_assignment(named)
        self.assignment = None if self._named is None else self._named.id

    @cached_property
    def _known(self) -> dict[str, Assignment]:
        known = {one.id: one for one in (*all_assignments(), *self._course)}
        return known if self._named is None else {**known, self._named.id: self._named}

    def __call__(self, item: Item, assignment: str | None) -> Content:
        """Return a notebook's content, as one of the ``assignment`` unless it is of another."""
        sha256 = ""
        try:
            data = read_attempt(item, self._archives)
            sha256 = hashlib.sha256(data).hexdigest()
            notebook = parse_notebook(data, item.member or item.path)
            return self._content(notebook, assignment, sha256)
        # Whatever a hostile notebook breaks is reported when it is graded.
        except Exception:  # noqa: BLE001
            return Content(readable=False, sha256=sha256)

    def _content(self, notebook: Notebook, assignment: str | None, sha256: str) -> Content:
        known = tuple(self._known.values())
        if assignment is None:
            try:
                mine = recognise(notebook, known)
            except GraderError:
                return Content(readable=True, sha256=sha256)
        else:
            mine = self._known[assignment]
        submission = open_submission(notebook, mine)
        try:
            named = bool(self._course)
            refuse_another(notebook, mine, known, submission.parts, named=named)
        except GraderError:
            return Content(readable=True, assignment=_ANOTHER, sha256=sha256)
        if not submission.parts and notebook.assignment != mine.id:
            return Content(readable=True, sha256=sha256)
        numbers = _blanks(mine)
        sites = (submission.site(number) for number in numbers)
        filled = sum(site is not None and not site.untouched for site in sites)
        return Content(True, mine.id, filled, len(numbers), sha256)


def _blanks(assignment: Assignment) -> frozenset[int]:
    return frozenset(number for check in assignment.checks for number in check.blanks)
