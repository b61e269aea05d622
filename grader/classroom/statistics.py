"""The statistics of a class as frozen data, counted in one pass over its results.

Only one report is kept for each program (its example), and a short entry for each student.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.classroom.concerns import ConcernTally
from grader.classroom.distribution import Bin, bins
from grader.classroom.mistakes import MistakeTally
from grader.classroom.programs import ProgramTally
from grader.classroom.student_result import StudentResult, SubmissionOutcome, student_result
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.classroom.concerns import Concern
    from grader.classroom.mistakes import MistakeCount
    from grader.classroom.model import Choice, Graded, HandedIn, Override, Student, Unclear
    from grader.classroom.programs import SharedProgram
    from grader.report import CheckResult, Environment


@dataclass(frozen=True)
class CheckRate:
    """The results of one check over the class, without TAs' decisions on what was judged.

    What a person grades counts by the points that one gave.
    ``counts`` leaves out unreadable files and faults of the grader, which say nothing about the
    submission.
    """

    id: str
    title: str
    max_score: float
    counts: Mapping[Status, int]

    @property
    def judged(self) -> int:
        """The number of submissions that this check could be judged for."""
        return sum(self.counts.values())

    @property
    def passed(self) -> int:
        """How many passed it."""
        return self.counts.get(Status.PASSED, 0)

    @property
    def rate(self) -> float:
        """The share that passed, from 0 to 1; 0 when nothing could be judged."""
        return self.passed / self.judged if self.judged else 0.0


@dataclass(frozen=True)
class Decision:
    """One override and everyone it applies to."""

    override: Override
    entries: tuple[StudentResult, ...]


@dataclass(frozen=True)
class ClassStatistics:
    """A class in numbers.

    ``mean`` and ``median`` are those of the ``scored`` results, without unreadable files and faults
    of the grader. Both are ``None`` if there are none.
    """

    entries: tuple[StudentResult, ...]
    max_score: float
    mean: float | None
    median: float | None
    outcomes: Mapping[SubmissionOutcome, int]
    distribution: tuple[Bin, ...]
    checks: tuple[CheckRate, ...]
    mistakes: tuple[MistakeCount, ...]
    programs: tuple[SharedProgram, ...]
    concerns: tuple[Concern, ...]
    decisions: tuple[Decision, ...]
    missing: tuple[Student, ...]
    unclear: tuple[Unclear, ...]
    choices: tuple[Choice, ...]
    layout: str
    environments: tuple[Environment, ...]

    @property
    def readable(self) -> int:
        """How many files could be read as notebooks."""
        return sum(entry.readable for entry in self.entries)

    @property
    def scored(self) -> int:
        """The number of results whose points measure the submission."""
        return sum(entry.scored for entry in self.entries)

    @property
    def full_marks(self) -> int:
        """The number of results with every point, or more."""
        return self.outcomes.get(SubmissionOutcome.FULL_MARKS, 0)

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """The choices among notebooks that a person should look at."""
        return tuple(choice for choice in self.choices if not choice.ordinary)

    @property
    def attempts(self) -> tuple[Choice, ...]:
        """The choices of the last of the attempts that the download itself numbers or dates."""
        return tuple(choice for choice in self.choices if choice.ordinary)

    @property
    def uncertain(self) -> tuple[Unclear, ...]:
        """The remarks on whose a file is."""
        return tuple(one for one in self.unclear if one.who)

    @property
    def ungraded(self) -> tuple[Unclear, ...]:
        """The remarks on files that are no submissions, or cannot be read."""
        return tuple(one for one in self.unclear if not one.who)

    @property
    def late_work(self) -> tuple[StudentResult, ...]:
        """The results that the class's policy says something of: late, extended, or not known."""
        told = ((entry, entry.lateness) for entry in self.entries)
        return tuple(e for e, late in told if late and (late.days or late.extension))

    @property
    def decided(self) -> tuple[StudentResult, ...]:
        """The results that a TA has changed by hand."""
        return tuple(entry for entry in self.entries if entry.override is not None)

    @property
    def open_concerns(self) -> int:
        """The number of students whom a person should look at and who have no decision yet."""
        waiting = {
            entry.student.id
            for concern in self.concerns
            if concern.kind.needs_a_look
            for entry in concern.entries
        }
        waiting |= {choice.student.id for choice in self.chosen}
        origins = {one.origin for one in self.uncertain}
        waiting |= {entry.student.id for entry in self.entries if entry.origin in origins}
        return len(waiting - {entry.student.id for entry in self.decided})


def class_statistics(graded: Iterable[Graded], handed_in: HandedIn) -> ClassStatistics:
    """Return a class's statistics; ``graded`` is read once, in order, and may be a generator."""
    entries: list[StudentResult] = []
    checks: dict[str, tuple[CheckResult, Counter[Status]]] = {}
    mistakes, concerns, programs = MistakeTally(), ConcernTally(), ProgramTally()
    environments: dict[Environment, None] = {}
    for one in graded:
        entry = student_result(one)
        entries.append(entry)
        concerns.add(one, entry)
        _count_checks(one, checks)
        if one.readable:
            programs.add(one, entry)
            mistakes.add(one, entry)
            environments[one.report.environment] = None
    shared = programs.ranked()
    for program in shared:
        concerns.add_program(program)
    scores = [entry.score for entry in entries if entry.scored]
    max_score = max((entry.max_score for entry in entries), default=0.0)
    return ClassStatistics(
        entries=tuple(entries),
        max_score=max_score,
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        outcomes=Counter(entry.outcome for entry in entries),
        distribution=bins(scores, max_score),
        checks=tuple(
            CheckRate(check.id, check.title, check.max_score, counts)
            for check, counts in checks.values()
        ),
        mistakes=mistakes.ranked(),
        programs=shared,
        concerns=concerns.by_kind(),
        decisions=_decisions(entries),
        missing=handed_in.missing,
        unclear=handed_in.unclear,
        choices=handed_in.choices,
        layout=handed_in.layout,
        environments=tuple(environments),
    )


def _count_checks(one: Graded, checks: dict[str, tuple[CheckResult, Counter[Status]]]) -> None:
    for check in one.report.checks:
        _, counts = checks.setdefault(check.id, (check, Counter()))
        if check.id in one.given_by_hand:
            counts[_by_points(one.checks[check.id], check.max_score)] += 1
            continue
        if one.readable and check.status not in (Status.INTERNAL_ERROR, Status.NEEDS_GRADING):
            counts[check.status] += 1


def _by_points(score: float, most: float) -> Status:
    """Return how a check ended whose points a person gave."""
    if score >= most:
        return Status.PASSED
    return Status.PARTIAL if score > 0 else Status.FAILED


def _decisions(entries: Iterable[StudentResult]) -> tuple[Decision, ...]:
    """Group the students with the same decision in the same words."""
    found: dict[object, tuple[Override, list[StudentResult]]] = {}
    for entry in entries:
        if entry.override is None:
            continue
        made = entry.override
        key = (made.reason, made.by, made.score, tuple(made.checks.items()))
        found.setdefault(key, (made, []))[1].append(entry)
    return tuple(Decision(made, tuple(those)) for made, those in found.values())
