"""Assignments as data: reading what an instructor edits, and the notebook it is about."""

from grader.assignment.find import (
    all_assignments,
    assignment_folder,
    known_assignments,
    lasting_name,
    load_assignment,
)
from grader.assignment.model import (
    Alternative,
    Assignment,
    Blank,
    Check,
    Edit,
    Mistake,
    Part,
    Role,
    Words,
)

__all__ = [
    "Alternative",
    "Assignment",
    "Blank",
    "Check",
    "Edit",
    "Mistake",
    "Part",
    "Role",
    "Words",
    "all_assignments",
    "assignment_folder",
    "known_assignments",
    "lasting_name",
    "load_assignment",
]
