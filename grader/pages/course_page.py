"""A course's ``report.html``: everyone's points in every assignment, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from grader import points
from grader.classroom import file_name
from grader.files import save
from grader.pages.scripts import script
from grader.pages.templating import style, template
from grader.pages.wide_table import wide_table
from grader.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom import Student
    from grader.classroom.course import Course, CoursePart

_LONGEST = 120  # characters of a title
_LONGEST_PATH = 2000  # its end tells files apart
_LONGEST_NAME = 60


def course_page(course: Course) -> str:
    """Return the page: one file with no external asset, readable without its script.

    It links to the assignments' own pages, and to the students' pages, in their folders.
    """
    columns = wide_table(24 + 5 * course.named + 7.5 * len(course.parts), 1 + course.named)
    look, sorting = (
        style("look.css", "class_report.css", "course.css", columns),
        script("class_report.js"),
    )
    return template("course.html").render(
        policy=f"{look.policy}; {sorting.policy}",
        css=look.css,
        js=sorting.js,
        course=course,
        points=points.points,
        mean=lambda value: points.points(round(value, 1)),
        cut=lambda text: printable(text, _LONGEST),
        path=lambda text: printable(text, _LONGEST_PATH),
        brief=lambda text: printable(text, _LONGEST_NAME),
        name=_name,
        report=lambda part: f"{quote(part.folder)}/report.html",
        feedback=_feedback,
    )


def write_course_page(target: Path, course: Course) -> None:
    """Write the page to a file, whole or not at all.

    Raises ``GraderError`` when the file cannot be written.
    """
    save(target, course_page(course).encode())


def _name(student: Student) -> str:
    shown = printable(student.shown, _LONGEST_NAME)
    return shown or printable(student.id, _LONGEST_NAME) or "(no name)"


def _feedback(part: CoursePart, student: Student) -> str:
    return f"{quote(part.folder)}/feedback/{quote(file_name(student.id))}.html"
