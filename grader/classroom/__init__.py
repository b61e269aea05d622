"""A class as frozen data: students, their submissions and results."""

from grader.classroom.model import Attempt, Choice, Graded, HandedIn, Override, Student, Unclear
from grader.classroom.names import file_name

__all__ = ["Attempt", "Choice", "Graded", "HandedIn", "Override", "Student", "Unclear", "file_name"]
