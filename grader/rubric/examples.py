"""An example of each kind of check: its entry in one of our assignments, and what it grades."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.assignment.find import all_assignments, course_files
from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check

_ENTRY = re.compile(r"^\[\[checks\]\]$.*?(?=^\[\[|\Z)", re.MULTILINE | re.DOTALL)
# What stands above the next entry belongs to it.
_TRAILING = re.compile(r"(?:\n#[^\n]*|\n)+\Z")


@dataclass(frozen=True)
class Example:
    """A check of an assignment, as it is written, and the code that students are given."""

    assignment: str
    check: str
    entry: str
    code: str


def examples() -> dict[str, Example]:
    """Return for each kind the first check of it in our assignments.

    The code is the students', with the blanks empty: the page may be read by anyone.
    """
    found: dict[str, Example] = {}
    for assignment in all_assignments(course_files()):
        text = (assignment.folder / "assignment.toml").read_text(encoding="utf-8")
        entries = [_TRAILING.sub("", entry) for entry in _ENTRY.findall(text)]
        for check, entry in zip(assignment.checks, entries, strict=True):
            if check.kind not in found:
                found[check.kind] = Example(
                    assignment.id, check.id, entry, _given(check, assignment)
                )
    return found


def _given(check: Check, assignment: Assignment) -> str:
    """Return the code of a check's parts in the students' notebook."""
    given = open_submission(read_notebook(assignment.template), assignment)
    pieces = []
    for part in check.parts:
        located = given.parts.get(part)
        if located is not None:
            lines = given.code.lines(located.cell)[located.first - 1 : located.last]
            pieces.append("\n".join(lines).rstrip())
    return "\n\n".join(pieces)
