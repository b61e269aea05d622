"""Judges a class anew under a changed rubric, from stored observations; no program is run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.replay import NotObservedError, Replay
from grader.errors import GraderError
from grader.fingerprint import installed, observing_environment
from grader.grading.groups import group_of
from grader.grading.submission import open_submission
from grader.notebook.read import Notebook
from grader.quoting import name
from grader.report import CheckResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.batch.settings import ClassSettings
    from grader.batch.store import Store
    from grader.batch.stored import Result
    from grader.classroom import Attempt, HandedIn, Student
    from grader.grading.grader import Grader

# A notebook has a format; nothing that is judged depends on it.
_FORMAT = (4, 5)
_NAMED = 5


def refuse_without_results(store: Store, handed_in: HandedIn) -> None:
    """Raise ``GraderError`` where somebody's result is missing, such as a damaged one."""
    ids = (attempt.student.id for attempt in handed_in.counted)
    lost = [name(id_) for id_ in ids if store.result(id_) is None]
    if lost:
        raise GraderError(
            f"the results of {len(lost)} students are missing: {', '.join(lost[:_NAMED])}"
            f"{', …' if len(lost) > _NAMED else ''}",
            "grade -o OUT makes them, and no others",
        )


def rescore(
    attempts: Sequence[Attempt],
    grader: Grader,
    replay: Replay,
    settings: ClassSettings,
    store: Store,
) -> list[Student]:
    """Judge every result of the store again; ``grader`` must run on ``replay``.

    Return the students whose programs would have to be run again: they keep their results.
    """
    grader.observe_own_programs()
    replay.refuse()
    digest = settings.digest(grader.assignment, grader.data, installed())
    same_machine = observing_environment(replay.ready(), replay.applied) == replay.environment()
    left = []
    for attempt in attempts:
        old = store.result(attempt.student.id)
        if old is None:
            continue
        try:
            new = judged(attempt, old, grader) if old.cells else _unread(old, grader.assignment)
        except NotObservedError:
            left.append(attempt.student)
            continue
        # On another machine `grade` shall observe it anew.
        if same_machine and old.settings and old.cells:
            new = replace(new, settings=digest)
        store.put(attempt.student.id, new)
    return left


def _unread(old: Result, assignment: Assignment) -> Result:
    """Return the result of a file that is no notebook, with the rubric's points of today."""
    worst = old.report.checks[0].status
    checks = tuple(
        CheckResult(check.id, check.title, worst, 0.0, check.points, None)
        for check in assignment.checks
    )
    most = sum(check.max_score for check in checks)
    return replace(old, report=replace(old.report, checks=checks, max_score=most))


def judged(attempt: Attempt, old: Result, grader: Grader) -> Result:
    """Return a stored result with today's verdict on what was observed."""
    notebook = Notebook(Path(attempt.origin), old.sha256, old.cells, _FORMAT, old.outputs)
    submission = open_submission(notebook, grader.assignment)
    return replace(
        old,
        report=grader.grade_submission(submission, attempt.origin),
        group=group_of(submission, grader.assignment),
        parts=tuple(sorted(submission.titles_by_cell.items())),
    )
