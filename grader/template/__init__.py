"""The student's notebook, built from the solved one, so that the two cannot drift apart.

This package exports only what works on a cell's text: grading needs no nbformat, which ``build``
and ``check`` import.
"""

from grader.template.markers import AnswerLine, find_answers, with_answer, without_markers

__all__ = ["AnswerLine", "find_answers", "with_answer", "without_markers"]
