"""A synthetic course: names from anywhere, and every way in which points can be open."""

from __future__ import annotations

from random import Random

from grader.classroom import Student, Unclear
from grader.classroom.course import Course, CoursePart, CoursePoints, CourseStudent, PartFigures
from tests.pages.sample_class import HOSTILE_NAMES

_TITLES = ("Multilayer perceptron on MNIST", "A convolutional network", HOSTILE_NAMES[0])
_OPEN = (
    CoursePoints(None, "nothing handed in", handed_in=False),
    CoursePoints(None, "could not be read"),
    CoursePoints(None, "to be graded by a person"),
    CoursePoints(80.0, unsure=True),
)


def sample_course(count: int, *, named: bool = True, seed: int = 3) -> Course:
    """Return a course of three assignments, the last of which has a hostile title."""
    draw = Random(seed)
    parts = tuple(
        PartFigures(
            CoursePart(f"hw{number}", title, title, f"hw{number}"), 100, count, count, 61.25
        )
        for number, title in enumerate(_TITLES, start=1)
    )
    students = []
    for number in range(count):
        name = HOSTILE_NAMES[number] if number < len(HOSTILE_NAMES) else f"Student {number}"
        points = tuple(
            draw.choice(_OPEN) if draw.random() < 0.2 else CoursePoints(draw.randrange(0, 101, 5))
            for _ in parts
        )
        final = [one.points for one in points if one.points is not None and not one.unsure]
        total = sum(final) if len(final) == len(points) and named else None
        students.append(CourseStudent(Student(str(1000 + number), name), points, total))
    left = tuple(Unclear(f"all/{name}/x.ipynb", f"why: {name}") for name in HOSTILE_NAMES)
    return Course(parts, tuple(students), named, left, left[:2])
