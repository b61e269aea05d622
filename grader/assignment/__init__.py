"""Assignments as data: reading what an instructor edits, and the notebook it is about."""

from grader.assignment.find import (
    all_assignments,
    assignment_folder,
    known_assignments,
    lasting_name,
    load_assignment,
)
from grader.assignment.listed import Alternative, Edit, Mistake, Words
from grader.assignment.model import Assignment, Blank, Check, Part, Role

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
