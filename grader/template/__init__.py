"""The student's notebook, made from the solved one, so that the two never drift apart."""

from grader.template.build import answers, build_template, notebook_text
from grader.template.markers import AnswerLine, with_answer, without_markers
from grader.template.student import student_notebook

__all__ = [
    "AnswerLine",
    "answers",
    "build_template",
    "notebook_text",
    "student_notebook",
    "with_answer",
    "without_markers",
]
