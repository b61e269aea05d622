"""Grades the notebooks that were named, one after another, and prints what they got."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.annotated import Annotations
from grader.cli.console import complain, complain_of_ourselves, report_console, writing
from grader.cli.extras import extras, write_extras
from grader.detail import told
from grader.errors import (
    EXIT_INTERNAL,
    EXIT_PASSED,
    EXIT_POINTS_LOST,
    EXIT_USAGE,
    AssignmentError,
    GraderError,
    NotebookError,
)
from grader.reports import json_report
from grader.reports.next_step import print_next_step
from grader.reports.progress import StatusLine
from grader.reports.summary import print_summary
from grader.reports.terminal import print_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.cli.given import Arguments
    from grader.grading.session import Session
    from grader.report import Report


@dataclass
class RunOutcome:
    """The reports so far, and the files that have none with the reason.

    That reason may be a fault of the grader's own (``broken``), or what only whoever runs it can
    mend (``refused``): no machine that confines it, say.
    """

    reports: list[Report] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False
    refused: bool = False


def run(arguments: Arguments) -> int:
    """Grade every path, print and write the reports, and return the exit status."""
    if arguments.json is not None:
        json_report.check_destination(arguments.json)
    several = len(arguments.paths) > 1
    only_json = arguments.json == json_report.STDOUT
    outcome = RunOutcome()
    annotations = None
    if arguments.annotated is not None:
        annotations = Annotations(arguments.annotated, arguments.paths)
    with extras(arguments):
        _grade_all(arguments, outcome, annotations, silent=only_json)
        if several and not only_json:
            with writing():
                print_summary(outcome.reports, outcome.unread, report_console())
        if arguments.json is not None and outcome.reports:
            with writing():
                json_report.write(arguments.json, outcome.reports, lines=several)
    not_theirs = outcome.broken or outcome.refused
    write_extras(arguments, outcome.reports, outcome.unread, broken=not_theirs)
    if annotations is not None:
        annotations.tell([path for path, _ in outcome.unread])
    ended = status(outcome, several=several)
    # To Classroom 50 any status but 0 says that there is no result.
    has_result = arguments.classroom50 is not None and not not_theirs and ended != EXIT_INTERNAL
    return EXIT_PASSED if has_result else ended


def _grade_all(
    arguments: Arguments, outcome: RunOutcome, annotations: Annotations | None, *, silent: bool
) -> None:
    paths = arguments.paths
    with opened(arguments) as session:
        for number, path in enumerate(paths, start=1):
            title = f"{number}/{len(paths)} {Path(path).name}: " if len(paths) > 1 else ""
            report = grade_path(session, path, title, outcome)
            if report is not None:
                report = told(report, arguments.batch.detail)
                first = not outcome.reports
                outcome.reports.append(report)
                if not silent:
                    _print(report, path, first=first, alone=len(paths) == 1)
                if annotations is not None:
                    annotations.write(path, report, session.assignment)


@contextmanager
def opened(arguments: Arguments) -> Iterator[Session]:
    """Yield a session with the options that were given."""
    # Imported late because it is slow, and an error in the arguments does not need it.
    from grader.grading.session import Session  # noqa: PLC0415

    with ExitStack() as stack:
        with StatusLine() as progress, redirect_stdout(sys.stderr):
            progress.step("starting")
            session = stack.enter_context(
                Session(
                    arguments.assignment,
                    device=arguments.device or "auto",
                    seed=arguments.seed,
                    isolation=arguments.isolation or "auto",
                    timeout=arguments.timeout,
                    data=arguments.data,
                    python=arguments.python,
                )
            )
        yield session


def grade_path(session: Session, path: str, title: str, outcome: RunOutcome) -> Report | None:
    """Return one notebook's report; an error is printed, and the other notebooks are graded."""
    try:
        # stdout is for reports: whatever a library prints while grading goes to stderr.
        with StatusLine() as progress, redirect_stdout(sys.stderr):
            return session.grade(path, progress=lambda text: progress.step(title + text))
    except AssignmentError:  # no notebook's fault, and the same for all of them
        raise
    except GraderError as error:
        _note_unread(path, error, outcome)
    except Exception as error:  # noqa: BLE001 - the grader's fault; the others are graded still
        complain_of_ourselves(error, path)
        outcome.unread.append((path, "the grader itself failed"))
        outcome.broken = True
    return None


def _note_unread(path: str, error: GraderError, outcome: RunOutcome) -> None:
    complain(error, path)
    outcome.refused |= not isinstance(error, NotebookError)
    outcome.unread.append((path, error.message))


def _print(report: Report, path: str, *, first: bool, alone: bool) -> None:
    with writing():
        console = report_console()
        if not first:
            console.print()
            console.print()
        print_report(report, console)
        if alone:  # of several each is somebody else's
            print_next_step(report, console, _saved(path))


def _saved(path: str) -> float | None:
    """Return when the file was written last."""
    try:
        moment = Path(path).stat().st_mtime
    except (OSError, ValueError):
        return None
    return moment if moment > 0 else None


def status(outcome: RunOutcome, *, several: bool) -> int:
    """Return the exit status of a run over one notebook or ``several``."""
    if outcome.broken or any(report.internal_error for report in outcome.reports):
        return EXIT_INTERNAL
    if not outcome.reports:
        return EXIT_USAGE
    if several:
        return EXIT_POINTS_LOST if outcome.unread else EXIT_PASSED
    return EXIT_PASSED if outcome.reports[0].passed else EXIT_POINTS_LOST
