"""Who handed in what and what it got: plain frozen data that the rooms of a batch share."""

from grader.classroom.model import Attempt, Graded, HandedIn, Override, Student, Unclear
from grader.classroom.names import file_name

__all__ = ["Attempt", "Graded", "HandedIn", "Override", "Student", "Unclear", "file_name"]
