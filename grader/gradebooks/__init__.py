"""Writes points: our own tables, and the gradebooks of other systems filled in."""

from grader.gradebooks.fill import fill
from grader.gradebooks.grades_csv import write as write_grades
from grader.gradebooks.nbgrader_csv import write as write_nbgrader
from grader.gradebooks.sheet import Filled

__all__ = ["Filled", "fill", "write_grades", "write_nbgrader"]
