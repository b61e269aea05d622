"""What the solved notebook has in its blanks, for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from grader.assignment import Assignment


def expected_answers(assignment: Assignment) -> dict[int, str]:
    """Return the reference's answer by the number of its blank."""
    solved = open_submission(read_notebook(assignment.reference), assignment)
    sites = [site for part in solved.parts.values() for site in part.blanks]
    return {site.number: site.answer for site in sites}
