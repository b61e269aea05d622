"""The student's notebook, built from the solved one, so that the two cannot drift apart.

This package exports only what works on a cell's text: grading needs no nbformat, which ``build``
and ``check`` import.
"""

from grader.notebook.answer_marks import MarkedAnswer, find_answers
from grader.template.markers import marks, with_answer, without_markers

__all__ = ["MarkedAnswer", "find_answers", "marks", "with_answer", "without_markers"]
