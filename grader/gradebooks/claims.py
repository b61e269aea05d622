"""Assigns gradebook rows to students when several students match the same row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebooks.releasable import total_points
from grader.identity import plain_id

if TYPE_CHECKING:
    from grader.classroom import Graded, Student
    from grader.gradebooks.model import GradebookStudent
    from grader.gradebooks.roll import RowMatch


@dataclass(frozen=True)
class GradeEntry:
    """A student's points for a row, ``None`` while they are open or the file is unreadable."""

    student: Student
    points: float | None
    weakness: int
    readable: bool = True
    to_grade: bool = False


class Claims:
    """The rows assigned so far, and the students without one (``losers``).

    Of two students that match the same row, the one found by the surer key gets it. If both keys
    are equally sure, neither does: one of them would get the other's points. ``strangers`` found a
    row with another person's name; ``teams`` are those whose members are not known. Of the
    ``unsure`` it is not certain who they are, and the gradebook does not know both id and name.
    """

    def __init__(self) -> None:
        """Begin without students."""
        self.settled: dict[GradebookStudent, GradeEntry] = {}
        self.losers: list[Student] = []
        self.contested: dict[GradebookStudent, int] = {}
        self.strangers: list[tuple[Student, GradebookStudent]] = []
        self.teams: list[str] = []
        self.unsure: list[Graded] = []

    def add(self, graded: Graded, match: RowMatch | None) -> None:
        """Add one student with the row that was found, if any."""
        student = graded.student
        if graded.team and _is_team(student, graded.team):
            self.teams.append(graded.team)
        elif match is None:
            self.losers.append(student)
        elif match.other_name:
            self.strangers.append((student, match.person))
        elif graded.unsure and not match.certain:
            self.unsure.append(graded)
        else:
            points = total_points(graded)
            entry = GradeEntry(
                student, points, match.weakness, graded.readable, to_grade=bool(graded.to_grade)
            )
            self._settle(match.person, entry)

    def _settle(self, person: GradebookStudent, entry: GradeEntry) -> None:
        held = self.settled.get(person)
        bar = held.weakness if held is not None else self.contested.get(person)
        if bar is not None and entry.weakness >= bar:
            self.losers.append(entry.student)
            if held is not None and entry.weakness == bar:
                self.losers.append(self.settled.pop(person).student)
                self.contested[person] = bar
            return
        if held is not None:
            self.losers.append(held.student)
        self.contested.pop(person, None)
        self.settled[person] = entry


def _is_team(student: Student, team: str) -> bool:
    """Whether a "student" is a whole team and no member: its id is the name of the team."""
    return plain_id(student.id) == plain_id(team)
