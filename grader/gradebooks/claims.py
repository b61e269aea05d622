"""Assigns gradebook rows to students when several students match the same row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.classroom import Student
    from grader.gradebooks.roll import GradebookStudent, RowMatch


@dataclass(frozen=True)
class GradeEntry:
    """A student's points for a row, ``None`` while they are open."""

    student: Student
    points: float | None
    weakness: int


class Claims:
    """The rows assigned so far, and the students without one (``losers``).

    Of two students that match the same row, the one found by the surer key gets it. If both keys
    are equally sure, neither does: one of them would get the other's points.
    """

    def __init__(self) -> None:
        """Begin without students."""
        self.settled: dict[GradebookStudent, GradeEntry] = {}
        self.losers: list[Student] = []
        self.contested: dict[GradebookStudent, int] = {}

    def add(self, student: Student, match: RowMatch | None, points: float | None) -> None:
        """Add one student with the row that was found, if any."""
        if match is None:
            self.losers.append(student)
            return
        person = match.person
        held = self.settled.get(person)
        bar = held.weakness if held is not None else self.contested.get(person)
        if bar is not None and match.weakness >= bar:
            self.losers.append(student)
            if held is not None and match.weakness == bar:
                self.losers.append(self.settled.pop(person).student)
                self.contested[person] = bar
            return
        if held is not None:
            self.losers.append(held.student)
        self.contested.pop(person, None)
        self.settled[person] = GradeEntry(student, points, match.weakness)
