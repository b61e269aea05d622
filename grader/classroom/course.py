"""A course as frozen data: several assignments, and every student's points in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.classroom.model import Student, Unclear


@dataclass(frozen=True)
class CoursePart:
    """One assignment of a course.

    ``name`` is what loads it (a name, or the path of a folder), ``folder`` where its results lie
    within the course's.
    """

    id: str
    title: str
    name: str
    folder: str


@dataclass(frozen=True)
class CoursePoints:
    """What a student has in one assignment: final ``points``, or None and ``why`` in words.

    ``unsure`` means that it is not certain who handed it in. ``lost`` says what the points have
    lost for being late.
    """

    points: float | None
    why: str = ""
    unsure: bool = False
    handed_in: bool = True
    lost: str = ""


@dataclass(frozen=True)
class CourseStudent:
    """One student's points by assignment, in the order of the course's; ``total`` if final."""

    student: Student
    points: tuple[CoursePoints, ...]
    total: float | None


@dataclass(frozen=True)
class PartFigures:
    """One assignment in numbers: students who handed in, those with final points, their mean."""

    part: CoursePart
    max_score: float | None
    handed_in: int
    final: int
    mean: float | None


@dataclass(frozen=True)
class Course:
    """A course's results.

    ``named`` means that the user named the assignments; without that nobody has a total, since one
    student's notebook of some other assignment would change what everyone's total is of.
    ``left_out`` are notebooks that belong to none of the assignments or to several, ``remarks``
    what is said of other files.
    """

    parts: tuple[PartFigures, ...]
    students: tuple[CourseStudent, ...]
    named: bool
    left_out: tuple[Unclear, ...] = ()
    remarks: tuple[Unclear, ...] = ()

    @property
    def max_score(self) -> float | None:
        """The points that the whole course has, where that is known."""
        most = [one.max_score for one in self.parts]
        known = [one for one in most if one is not None]
        return sum(known) if self.named and len(known) == len(most) else None
