"""What a course's folder remembers, and the points of all its assignments put together."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

from grader.batch.settings import settings_of
from grader.classroom import file_name
from grader.classroom.course import Course, CoursePart, CoursePoints, CourseStudent, PartFigures
from grader.classroom.model import Unclear  # noqa: TC001 - ``decode`` reads the types
from grader.classroom.student_result import student_result
from grader.decode import decode
from grader.errors import GraderError
from grader.gradebooks.releasable import total_points
from grader.intake.names import natural
from grader.points import points
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.batch.results import Results
    from grader.batch.store import Store
    from grader.classroom import Graded, Student

_FACT, _PART = "course", "part of a course"
# What a course's folder has besides its assignments' folders.
_TAKEN = frozenset({"gradebook", "feedback", "annotated"})


@dataclass(frozen=True)
class CourseFacts:
    """What a course's folder notes; ``named`` means that the user named the assignments."""

    parts: tuple[CoursePart, ...]
    named: bool
    left_out: tuple[Unclear, ...] = ()
    remarks: tuple[Unclear, ...] = ()

    def note(self, store: Store) -> None:
        """Note it in the course's database."""
        store.note(_FACT, json.dumps(asdict(self)))


def course_of(store: Store | None) -> CourseFacts | None:
    """Return what a folder notes of its course, ``None`` if it holds none."""
    return None if store is None else store.plain(_FACT, partial(decode, CourseFacts))


def part_of(assignment: Assignment, name: str) -> CoursePart:
    """Return an assignment's place in a course; raises ``GraderError`` if its folder is taken."""
    folder = file_name(assignment.id)
    if folder in _TAKEN:
        raise GraderError(
            f"an assignment of a course cannot have the id {printable(assignment.id, 60)}: its "
            "folder would be another one of the course's",
            "give it another id",
        )
    return CoursePart(assignment.id, assignment.title, name, folder)


def note_part(store: Store) -> None:
    """Note in an assignment's database that a course's index is made from it."""
    store.note(_PART, "[]")


def refuse_part(store: Store | None, out: Path) -> None:
    """Raise ``GraderError`` for one assignment's folder of a course.

    The course's table and index would keep the points of before.
    """
    if store is not None and store.fact(_PART) is not None:
        raise GraderError(
            f"{printable(str(out), 200)} is one assignment of a course, whose table and index "
            "would keep the points of before; nothing was changed",
            f"name the course's folder: {printable(str(out.resolve().parent), 200)}",
        )


def refuse_single_class(store: Store, out: Path) -> None:
    """Raise ``GraderError`` for the folder of a class that was graded by itself."""
    if settings_of(store) is not None and store.fact(_PART) is None and course_of(store) is None:
        raise GraderError(
            f"{printable(str(out), 200)} holds a class that was graded by itself; nothing was "
            "changed",
            "give the course a folder of its own with -o",
        )


def course_points(
    facts: CourseFacts, results: Mapping[str, Results], most: Mapping[str, float]
) -> Course:
    """Return everyone's points in every assignment; ``results`` and ``most`` go by its id.

    A student is who has the same id in the assignments. Nobody's row depends on another's.
    """
    people: dict[str, Student] = {}
    by_student: dict[str, dict[str, CoursePoints]] = {}
    for id_, of_one in results.items():
        for graded in of_one:
            _meet(people, graded.student)
            by_student.setdefault(graded.student.id, {})[id_] = _points(graded)
        for student in of_one.handed_in.missing:
            _meet(people, student)
    ids = [part.id for part in facts.parts]
    missing = CoursePoints(None, "nothing handed in", handed_in=False)
    students = []
    for who in sorted(people, key=natural):
        row = tuple(by_student.get(who, {}).get(id_, missing) for id_ in ids)
        students.append(CourseStudent(people[who], row, _total(row, named=facts.named)))
    figures = tuple(
        _figures(part, most.get(part.id), (student.points[place] for student in students))
        for place, part in enumerate(facts.parts)
    )
    return Course(figures, tuple(students), facts.named, facts.left_out, facts.remarks)


def _meet(people: dict[str, Student], student: Student) -> None:
    known = people.setdefault(student.id, student)
    if student.name and not known.name:
        people[student.id] = student


def _points(graded: Graded) -> CoursePoints:
    final = total_points(graded)
    why = "" if final is not None else student_result(graded).outcome.value
    late = graded.lateness
    lost = f"{late.late}, {points(graded.lost)} points off" if late and graded.lost else ""
    return CoursePoints(final, why, graded.unsure, lost=lost if final is not None else "")


def _total(row: Sequence[CoursePoints], *, named: bool) -> float | None:
    """Return the sum where every single one is final, and certainly this student's."""
    final = [one.points for one in row if one.points is not None and not one.unsure]
    return round(sum(final), 2) if named and len(final) == len(row) else None


def _figures(part: CoursePart, most: float | None, column: Iterable[CoursePoints]) -> PartFigures:
    handed_in = [one for one in column if one.handed_in]
    final = [one.points for one in handed_in if one.points is not None]
    mean = sum(final) / len(final) if final else None
    return PartFigures(part, most, len(handed_in), len(final), mean)
