"""Who gets which row when several students look like the same person: the surest, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.classroom import Student
    from grader.gradebooks.roll import GradebookStudent, RowMatch


@dataclass(frozen=True)
class GradeEntry:
    """A student's points for a row; ``None`` while they are not settled."""

    student: Student
    points: float | None
    weakness: int


class Claims:
    """Rows and whose they are, gathered one student at a time; only the losers are kept apart.

    Of two students that lead to the same row, the one found by the surer key has it. Found
    equally surely, neither has: one of them would get the other's points.
    """

    def __init__(self) -> None:
        """Begin with no claim."""
        self.settled: dict[GradebookStudent, GradeEntry] = {}
        self.losers: list[Student] = []
        self.contested: dict[GradebookStudent, int] = {}

    def add(self, student: Student, match: RowMatch | None, points: float | None) -> None:
        """Enter one student, with the row that was found for them, if one was."""
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
