"""Writes points: our own tables, and the gradebooks of other systems filled in."""

from grader.gradebooks.fill import fill
from grader.gradebooks.grades_csv import write as write_grades
from grader.gradebooks.model import Filled, Gradebook
from grader.gradebooks.nbgrader_csv import write as write_nbgrader
from grader.gradebooks.open import open_gradebook, recognise

__all__ = [
    "Filled",
    "Gradebook",
    "fill",
    "open_gradebook",
    "recognise",
    "write_grades",
    "write_nbgrader",
]
