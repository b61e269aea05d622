"""Students, their submissions and results, and a TA's decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.classroom.policy import Lateness
    from grader.notebook.read import Cell
    from grader.report import CheckResult, Report


@dataclass(frozen=True)
class Student:
    """One student; ``id`` is unique in the class, unknown fields are empty.

    All fields are untrusted text (from file names and rosters): renderers escape them.
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
    """One notebook that was found: the file ``path``, or its ``member`` if that is an archive.

    ``origin`` names both in messages. ``number`` counts a student's attempts from 1 to ``total``;
    the last one counts. ``late`` comes from the download's layout. ``team`` is the name of the team
    that handed it in together, in which case every known member has this attempt. ``unsure`` means
    that it is not certain who handed it in, so that the id may be another person's elsewhere.
    ``time`` is when it was handed in, as the layout tells it, with the zone if it says one; it is
    empty where it does not. ``passed_over`` means that later attempts are there and do not count.
    """

    student: Student
    path: Path
    member: str | None
    origin: str
    number: int = 1
    total: int = 1
    late: bool = False
    team: str = ""
    unsure: bool = False
    time: str = ""
    passed_over: bool = False


@dataclass(frozen=True)
class Unclear:
    """A file that is no submission or can't be read: where it is, and why.

    ``who`` means that it is not certain whose it is, in which case it may have been graded.
    """

    origin: str
    reason: str
    who: bool = False


@dataclass(frozen=True)
class Choice:
    """Several notebooks of one student: the one that ``counts``, the others, and why in words.

    Notebooks are named by their origins. ``ordinary`` means that the download itself numbers or
    dates them as attempts, of which the last one counts.
    """

    student: Student
    counts: str
    left: tuple[str, ...]
    why: str
    ordinary: bool = False


@dataclass(frozen=True)
class HandedIn:
    """A class's submissions: the attempts that count, one a student, and the earlier ones.

    ``missing`` are the students of the roster without a submission; ``layout`` names in words the
    kind of download that was recognised.
    """

    counted: tuple[Attempt, ...]
    earlier: tuple[Attempt, ...] = ()
    missing: tuple[Student, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    layout: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Override:
    """A TA's decision: points for the whole or for single checks, with a reason."""

    reason: str
    score: float | None = None
    checks: Mapping[str, float] = field(default_factory=dict)
    by: str = ""


def is_by_hand(check: CheckResult) -> bool:
    """Whether a person grades a check; an answer that is empty has 0 points without one."""
    empty = any(finding.code == "nothing_written" for finding in check.findings)
    return empty or check.status is Status.NEEDS_GRADING


@dataclass(frozen=True)
class Graded:
    """One student's result.

    ``group`` is the id of everyone with the same program. ``cells`` are the notebook's cells (empty
    if it could not be read), ``parts`` the titles of the graded parts by cell number. ``twins`` are
    the ids of other students with identical saved outputs, which a person should look at and which
    costs nothing. ``earlier`` are the origins of attempts that do not count. ``team`` is the name
    of the team that handed it in, if it was one. ``unsure`` is the attempt's. ``lateness`` is what
    the class's policy says of it, if there is one.
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
    team: str = ""
    unsure: bool = False
    lateness: Lateness | None = None

    @property
    def readable(self) -> bool:
        """Whether the file was a notebook; if not, the report's note says why."""
        return bool(self.cells)

    @property
    def checks(self) -> dict[str, float]:
        """Each check's points by id, a TA's decisions included."""
        points = {check.id: check.score for check in self.report.checks}
        if self.override is not None:
            points |= {id_: score for id_, score in self.override.checks.items() if id_ in points}
        return points

    @property
    def score(self) -> float:
        """The points that count: those of the work, without what it loses for being late."""
        return round(self.work_score - self.lost, 2)

    @property
    def lost(self) -> float:
        """The points that are taken off for being late."""
        return self.lateness.lost(self.work_score) if self.lateness is not None else 0.0

    @property
    def work_score(self) -> float:
        """The total of the work's points, a TA's decisions included."""
        if self.override is not None and self.override.score is not None:
            return self.override.score
        return round(sum(self.checks.values()), 2)

    @property
    def to_grade(self) -> tuple[CheckResult, ...]:
        """The checks whose points a person has to enter and has not."""
        made = self.override
        if made is not None and made.score is not None:
            return ()
        decided = made.checks if made is not None else {}
        return tuple(
            check
            for check in self.report.checks
            if check.status is Status.NEEDS_GRADING and check.id not in decided
        )

    @property
    def given_by_hand(self) -> frozenset[str]:
        """The checks that a person grades, and has graded."""
        decided = self.override.checks if self.override is not None else {}
        return frozenset(c.id for c in self.report.checks if c.id in decided and is_by_hand(c))

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should look, since grading did not run to its end."""
        unsure = {Status.TIMEOUT, Status.CRASHED, Status.OUT_OF_MEMORY, Status.INTERNAL_ERROR}
        ended = not any(check.status in unsure for check in self.report.checks)
        return not (self.readable and ended) or bool(self.to_grade)
