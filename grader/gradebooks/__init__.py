"""Points on their way out: our own tables, and the gradebooks of other systems filled in."""

from grader.gradebooks.grades_csv import write as write_grades
from grader.gradebooks.nbgrader_csv import write as write_nbgrader

__all__ = ["write_grades", "write_nbgrader"]
