"""Judges a class anew under a changed rubric, from stored observations; no program is run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.replay import NotObservedError, Replay
from grader.fingerprint import installed, observing_environment
from grader.grading.groups import group_of
from grader.grading.submission import open_submission
from grader.notebook.read import Notebook
from grader.report import CheckResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.batch.settings import ClassSettings
    from grader.batch.store import Result, Store
    from grader.classroom import Attempt, Student
    from grader.grading.grader import Grader
    from grader.report import Report

# A notebook has a format; nothing that is judged depends on it.
_FORMAT = (4, 5)


@dataclass(frozen=True)
class Change:
    """A student's report before and after."""

    student: Student
    before: Report
    after: Report

    @property
    def points(self) -> bool:
        """Whether points changed, and not only words."""
        scores = [
            [(c.id, c.score, c.max_score) for c in r.checks] for r in (self.before, self.after)
        ]
        return scores[0] != scores[1]


@dataclass(frozen=True)
class Rescored:
    """The reports that changed.

    ``left`` are the students whose programs would have to be run again: they keep their results.
    """

    changes: tuple[Change, ...]
    left: tuple[Student, ...]


def rescore(
    attempts: Sequence[Attempt],
    grader: Grader,
    replay: Replay,
    settings: ClassSettings,
    store: Store,
) -> Rescored:
    """Judge every result of the store again; ``grader`` must run on ``replay``."""
    grader.observe_own_programs()
    replay.refuse()
    digest = settings.digest(grader.assignment, grader.data, installed())
    same_machine = observing_environment(replay.ready(), replay.applied) == replay.environment()
    changes, left = [], []
    for attempt in attempts:
        old = store.result(attempt.student.id)
        if old is None:
            continue
        try:
            new = _judged(attempt, old, grader) if old.cells else _unread(old, grader.assignment)
        except NotObservedError:
            left.append(attempt.student)
            continue
        # On another machine `grade` shall observe it anew.
        if same_machine and old.settings and old.cells:
            new = replace(new, settings=digest)
        store.put(attempt.student.id, new)
        if _verdict(new.report) != _verdict(old.report):
            changes.append(Change(attempt.student, old.report, new.report))
    return Rescored(tuple(changes), tuple(left))


def _verdict(report: Report) -> tuple[object, ...]:
    """Return the parts of a report that a student would see change."""
    return report.score, report.max_score, report.checks, report.notes


def _unread(old: Result, assignment: Assignment) -> Result:
    """Return the result of a file that is no notebook, with the rubric's points of today."""
    worst = old.report.checks[0].status
    checks = tuple(
        CheckResult(check.id, check.title, worst, 0.0, check.points, None)
        for check in assignment.checks
    )
    most = sum(check.max_score for check in checks)
    return replace(old, report=replace(old.report, checks=checks, max_score=most))


def _judged(attempt: Attempt, old: Result, grader: Grader) -> Result:
    notebook = Notebook(Path(attempt.origin), old.sha256, old.cells, _FORMAT, old.outputs)
    submission = open_submission(notebook, grader.assignment)
    return replace(
        old,
        report=grader.grade_submission(submission, attempt.origin),
        group=group_of(submission, grader.assignment),
        parts=tuple(sorted(submission.titles_by_cell.items())),
    )
