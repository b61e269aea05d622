"""A course's ``grades.csv``: one row a student, one column an assignment, and a total."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from grader.files import replacing
from grader.gradebooks.cells import score, text

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom.course import Course, CourseStudent

_WHO = ("id", "name", "email", "section")
_AFTER = ("total", "max_total", "open", "deductions")


def write_course(path: Path, course: Course) -> None:
    """Write a row for every student, in UTF-8 with a byte order mark.

    The columns: ``id, name, email, section``, the points of each assignment under its id,
    ``total, max_total``, ``open``, which says which points are not there and why, and
    ``deductions``, which says what late work has lost of the points that are there. Points that
    are not final are empty, never 0, and so is a total that they would be part of. Raises
    ``GraderError`` when the file can't be written.
    """
    with replacing(path) as file:
        file.write(codecs.BOM_UTF8)
        lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(lines)
        writer.writerow([*_WHO, *(text(one.part.id) for one in course.parts), *_AFTER])
        for student in course.students:
            writer.writerow(_row(student, course))
        lines.detach()


def _row(one: CourseStudent, course: Course) -> list[str]:
    who = one.student
    return [
        *map(text, (who.id, who.name, who.email, who.section)),
        *(score(each.points) for each in one.points),
        score(one.total),
        score(course.max_score),
        text("; ".join(open_points(one, course))),
        text("; ".join(_deductions(one, course))),
    ]


def _deductions(one: CourseStudent, course: Course) -> list[str]:
    return [
        f"{figures.part.id}: {each.lost}"
        for each, figures in zip(one.points, course.parts, strict=True)
        if each.lost
    ]


def open_points(one: CourseStudent, course: Course) -> list[str]:
    """Return what keeps a student from a total, a phrase for each assignment."""
    told = []
    for each, figures in zip(one.points, course.parts, strict=True):
        if each.points is None:
            told.append(f"{figures.part.id}: {each.why}")
        elif each.unsure:
            told.append(f"{figures.part.id}: not certain whose it is")
    return told
