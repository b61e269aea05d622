"""``grade_class``: a class's reports one by one, for a program that does the rest itself."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.assignment import load_assignment
from grader.batch.looking import Looker
from grader.batch.ungraded import failed_report, unread_report
from grader.errors import GraderError
from grader.grading.grader import Grader
from grader.grading.submission import open_submission
from grader.intake import Archives, find_submissions, read_attempt
from grader.notebook.read import parse_notebook
from grader.options import named_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.classroom import Attempt
    from grader.report import Report


@named_options
def grade_class(
    path: str | os.PathLike[str],
    assignment: str | os.PathLike[str],
    *,
    roster: str | os.PathLike[str] | None = None,
    groups: str | os.PathLike[str] | None = None,
    device: str = "auto",
    seed: int | None = None,
    isolation: str = "strict",
    timeout: float | None = None,
    data: str | None = None,
    python: str | None = None,
    grouping: bool = True,
) -> Iterator[Report]:
    """Yield the report of everyone who handed in, one after another; nothing is written.

    ``path`` is a folder or an archive, as a learning system gives it; ``roster`` and ``groups`` are
    CSV files, and the other options those of ``grade``. ``report.submission.student`` says whose
    each is. A file that cannot be graded has its report too, with the reason in ``notes``.
    Notebooks of the same code share one run. ``grade PATH -o OUT`` also keeps results, and grades
    several at a time.

    >>> for report in grade_class("submissions.zip", "mlp", roster="class.csv"):  # doctest: +SKIP
    ...     print(report.submission.student, report.score)

    Raises ``GraderError`` where nothing was handed in, and for an unknown assignment.
    """
    options = {
        "device": device,
        "seed": seed,
        "isolation": isolation,
        "timeout": timeout,
        "data": data,
        "python": python,
        "grouping": grouping,
    }
    with ExitStack() as stack:
        archives = stack.enter_context(Archives())
        look = Looker(archives, os.fspath(assignment))
        handed_in = find_submissions(
            [os.fspath(path)],
            roster=None if roster is None else os.fspath(roster),
            groups=None if groups is None else os.fspath(groups),
            archives=archives,
            look=look,
            assignment=look.assignment,
        )
        loaded = load_assignment(os.fspath(assignment))
        grader = stack.enter_context(Grader(loaded, **options))  # type: ignore[arg-type]
        for attempt in handed_in.counted:
            report = _graded(attempt, grader, archives)
            yield replace(report, submission=replace(report.submission, student=attempt.student.id))


def _graded(attempt: Attempt, grader: Grader, archives: Archives) -> Report:
    sha256 = ""
    try:
        data = read_attempt(attempt, archives)
        sha256 = hashlib.sha256(data).hexdigest()
        notebook = parse_notebook(data, attempt.member or attempt.path)
        submission = open_submission(notebook, grader.assignment)
    except GraderError as error:
        return unread_report(attempt, sha256, error, grader)
    except Exception as error:  # noqa: BLE001 - reported, with the notebook that caused it
        return failed_report(attempt, sha256, error, grader)
    grader.prepare()
    try:
        return grader.grade_submission(submission, attempt.origin)
    except GraderError:
        raise  # not about this notebook
    except Exception as error:  # noqa: BLE001
        return failed_report(attempt, sha256, error, grader)
