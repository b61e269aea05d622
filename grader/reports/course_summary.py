"""The summary of a course on the terminal: each assignment, and what could not be sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader import points
from grader.reports.class_remarks import heading, print_unclear, students
from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from grader.classroom.course import Course, PartFigures

NO_TOTALS = (
    "no totals: --assignment, once for each, says which assignments the course has; one notebook "
    "of another one would change what a total is of"
)


def print_course_summary(course: Course, written: Sequence[str], console: Console) -> None:
    """Print a line for each assignment, who has a total, the notebooks left out, and the files."""
    page = page_on(console)
    heading(page, "the course", f"  {students(len(course.students))}")
    for one in course.parts:
        page.line(f"  {page.safe(one.part.title)}: {_figures(one)}")
    if course.named:
        final = sum(one.total is not None for one in course.students)
        page.line(f"  {final} of {students(len(course.students))} have a total")
    else:
        page.paragraph(NO_TOTALS)
    print_unclear(page, "of no single assignment, and not graded", course.left_out)
    print_unclear(page, "not certain", [one for one in course.remarks if one.who])
    print_unclear(page, "not graded", [one for one in course.remarks if not one.who])
    if written:
        heading(page, "written")
        for path in written:
            page.line(f"  {page.safe(path, len(path) + 1)}")


def _figures(one: PartFigures) -> str:
    told = f"{students(one.handed_in)} handed in"
    if one.final < one.handed_in:
        told += f", {one.final} with final points"
    if one.mean is not None and one.max_score is not None:
        told += f", mean {points.points(round(one.mean, 1))} of {points.points(one.max_score)}"
    return told
