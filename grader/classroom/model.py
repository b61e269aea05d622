"""Students, what they handed in, and what a TA decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.notebook.read import Cell
    from grader.report import Report


@dataclass(frozen=True)
class Student:
    """One student; ``id`` is unique in the class, the rest is empty where nobody said it.

    All of it was written by strangers (file names, rosters): renderers escape it.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""

    @property
    def shown(self) -> str:
        """The name, or the id where there is no name."""
        return self.name or self.id


@dataclass(frozen=True)
class Attempt:
    """One notebook that was found: in the file ``path``, or in its ``member`` for an archive.

    ``origin`` is how both are shown together. ``number`` counts a student's attempts from 1,
    ``total`` says how many there are; the last one counts. ``late`` is what the layout says.
    """

    student: Student
    path: Path
    member: str | None
    origin: str
    number: int = 1
    total: int = 1
    late: bool = False


@dataclass(frozen=True)
class Unclear:
    """Something that was found and is no submission, or can't be read: where, and why."""

    origin: str
    reason: str


@dataclass(frozen=True)
class HandedIn:
    """A class's submissions: one attempt a student that counts, and what a TA should know.

    ``missing`` are the students of the roster from whom nothing was found; ``layout`` names what
    the folder or archive was taken for, in words.
    """

    counted: tuple[Attempt, ...]
    earlier: tuple[Attempt, ...] = ()
    missing: tuple[Student, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    layout: str = ""


@dataclass(frozen=True)
class Override:
    """What a TA decided: points for the whole or for single checks, and why."""

    reason: str
    score: float | None = None
    checks: Mapping[str, float] = field(default_factory=dict)
    by: str = ""


@dataclass(frozen=True)
class Graded:
    """One student's result.

    ``group`` is the id that everyone with the same program shares. ``cells`` are the notebook's
    (empty when it could not be read), ``parts`` the titles of the graded parts by the number of the
    cell they stand in. ``twins`` are the ids of other students whose saved outputs are the same
    byte for byte: a sign to look, never a verdict. ``earlier`` are the origins of attempts that do
    not count.
    """

    student: Student
    origin: str
    report: Report
    group: str
    cells: tuple[Cell, ...] = ()
    parts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    late: bool = False
    earlier: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    override: Override | None = None

    @property
    def readable(self) -> bool:
        """Whether the file was a notebook; if not, its one note says why."""
        return bool(self.cells)

    @property
    def checks(self) -> dict[str, float]:
        """The points of every check, by its id, a TA's decisions included."""
        points = {check.id: check.score for check in self.report.checks}
        if self.override is not None:
            points |= {id_: score for id_, score in self.override.checks.items() if id_ in points}
        return points

    @property
    def score(self) -> float:
        """The points that count."""
        if self.override is not None and self.override.score is not None:
            return self.override.score
        return round(sum(self.checks.values()), 2)

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should look, since the machine could not see to the end."""
        unsure = {Status.TIMEOUT, Status.CRASHED, Status.OUT_OF_MEMORY, Status.INTERNAL_ERROR}
        return not self.readable or any(c.status in unsure for c in self.report.checks)
