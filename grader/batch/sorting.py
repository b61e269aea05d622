"""Sorts a course's hand-ins by assignment: each notebook by what is in it alone.

No other notebook has a say in it, so that nobody's hand-in moves somebody else's. What belongs to
no assignment, or to two, is left out and named, never guessed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.assignment import all_assignments
from grader.errors import GraderError, NotebookError
from grader.grading.recognise import SeveralAssignmentsError, UnknownAssignmentError, recognise
from grader.intake import read_attempt
from grader.notebook.read import parse_notebook
from grader.quoting import name as name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.intake import Archives
    from grader.intake.model import Item
    from grader.notebook.read import Notebook

_NONE = "no part of any assignment of the course was found in it"
_SEVERAL = "it holds parts of several assignments, and none fits clearly"
_BROKEN = "it could not be read"


class Sorter:
    """Tells which assignment of a course a notebook belongs to; it raises nothing.

    ``course`` are the assignments that the user named, none where every known one may be.
    """

    def __init__(self, archives: Archives, course: Sequence[Assignment] = ()) -> None:
        """Load the assignments that are known here; raises ``GraderError`` if one is wrong."""
        self._archives = archives
        self._course = tuple(course)
        known = {one.id: one for one in (*all_assignments(), *course)}
        self._known = tuple(known.values())
        self._seen: dict[Item, tuple[str | None, str]] = {}

    def __call__(self, item: Item) -> tuple[str | None, str]:
        """Return the id of a notebook's assignment, or None and why it has none."""
        if item not in self._seen:  # a team's notebook is asked about for each member
            self._seen[item] = self._sorted(item)
        return self._seen[item]

    def _sorted(self, item: Item) -> tuple[str | None, str]:
        try:
            data = read_attempt(item, self._archives)
            notebook = parse_notebook(data, item.member or item.path)
        except GraderError as error:
            return None, f"{_BROKEN}: {error.message}"
        except Exception:  # noqa: BLE001 - whatever a hostile notebook breaks
            return None, _BROKEN
        try:
            found = self._of_course(notebook)
        except UnknownAssignmentError as error:
            return None, f"it names the assignment {error.assignment}, which is not known here"
        except SeveralAssignmentsError:
            return None, _SEVERAL
        except NotebookError:
            return None, _NONE
        except Exception:  # noqa: BLE001 - the same
            return None, _BROKEN
        if self._course and found not in self._course:
            return None, f"it belongs to {name_of(found.id)}, which is no assignment of this course"
        return found.id, ""

    def _of_course(self, notebook: Notebook) -> Assignment:
        """Return a notebook's assignment.

        If the user named the course's, a notebook may carry a name of the course's own, and parts
        that it shares with others do not count against it.
        """
        try:
            return recognise(notebook, self._known)
        except (SeveralAssignmentsError, UnknownAssignmentError):
            if not self._course:
                raise
        return recognise(replace(notebook, assignment=None), self._course)
