"""The reports that other systems read: files such as ``--junit``, and ``--github``."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.given import is_batch
from grader.errors import GraderError
from grader.reports.destination import check_file, write_file
from grader.reports.file_formats import FILE_FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.cli.given import Arguments
    from grader.report import Report
    from grader.reports.github import Source

_SUMMARY, _OUTPUT, _WORKSPACE = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_WORKSPACE"
_MOST_OF_A_SUMMARY = 1024 * 1024  # bytes a step; GitHub does not show a longer one


@contextmanager
def extras(arguments: Arguments) -> Iterator[None]:
    """Check the destinations, and keep GitHub's runner from obeying what the block prints.

    Raises ``GraderError`` for wrong usage.
    """
    for name, destination in arguments.files.items():
        check_file(destination, f"--{name}")
        if FILE_FORMATS[name].one_notebook and (is_batch(arguments) or len(arguments.paths) > 1):
            raise GraderError(
                f"--{name} writes the result of one notebook", hint="name that one notebook"
            )
    if arguments.classroom50 is not None:
        _check_classroom50(arguments, arguments.classroom50)
    if not arguments.github:
        yield
        return
    from grader.reports.ci import fenced  # noqa: PLC0415 - only with --github

    # Not on stdout, which may hold only JSON.
    with fenced(sys.stderr):
        yield


def write_extras(
    arguments: Arguments,
    reports: Sequence[Report],
    unread: Sequence[tuple[str, str]],
    *,
    broken: bool,
) -> None:
    """Write the reports asked for; ``unread`` are notebooks without a report, with the reasons.

    With ``broken`` the reason is the grader's own fault.
    """
    for name, destination in arguments.files.items():
        text = render(name, reports, unread, broken=broken)
        if text is not None:
            write_file(destination, text, f"--{name}")
    if arguments.classroom50 is not None and not broken:
        _write_classroom50(arguments, arguments.classroom50, reports, unread)
    if arguments.github:
        _write_github(reports, unread, broken=broken)


def _check_classroom50(arguments: Arguments, folder: str) -> None:
    from grader.reports.classroom50 import RESULT, RunIdentity  # noqa: PLC0415 - few ask for it

    if is_batch(arguments) or len(arguments.paths) > 1:
        raise GraderError("--classroom50 writes the result of one notebook", "name that notebook")
    RunIdentity.from_environment(os.environ)
    check_file(str(Path(folder) / RESULT), "--classroom50")


def _write_classroom50(
    arguments: Arguments,
    folder: str,
    reports: Sequence[Report],
    unread: Sequence[tuple[str, str]],
) -> None:
    """Write both files, unless the grader failed in a check: then there are no points to tell."""
    from grader.assignment import load_assignment  # noqa: PLC0415
    from grader.autograders.classroom50 import write_results  # noqa: PLC0415
    from grader.autograders.unreadable import unreadable_report  # noqa: PLC0415
    from grader.reports.classroom50 import RunIdentity  # noqa: PLC0415

    if any(report.internal_error for report in reports):
        return
    if reports:
        (report,) = reports
    else:
        assert arguments.assignment is not None
        report = unreadable_report(load_assignment(arguments.assignment), *unread[0])
    write_results(report, RunIdentity.from_environment(os.environ), Path(folder))


def _write_github(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]], *, broken: bool
) -> None:
    """Print annotations on stderr; append the summary and the outputs to the files of the step.

    Where the grader failed, the outputs are empty: a later step might take a 0 for the points.
    """
    from grader import points  # noqa: PLC0415
    from grader.reports import github, github_summary  # noqa: PLC0415

    for command in github.commands(
        [(report, _source(report)) for report in reports],
        [(reason, github.Source(_in_repository(path))) for path, reason in unread],
    ):
        print(command, file=sys.stderr)  # noqa: T201 - the runner reads both streams
    room = _MOST_OF_A_SUMMARY - _size(_SUMMARY)
    _append(_SUMMARY, github_summary.to_markdown(reports, unread, room))
    outputs = {
        "score": points.points(sum(report.score for report in reports)),
        "max-score": points.points(sum(report.max_score for report in reports)),
    }
    if broken or any(report.internal_error for report in reports):
        outputs = dict.fromkeys(outputs, "")
    _append(_OUTPUT, "".join(f"{name}={value}\n" for name, value in outputs.items()))


def _source(report: Report) -> Source:
    """Return the positions of a notebook's lines, if its file is still the one that was graded."""
    from grader.notebook.line_map import file_lines  # noqa: PLC0415
    from grader.reports.github import Source  # noqa: PLC0415

    path = report.submission.path
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, ValueError):
        return Source(_in_repository(path))
    same = sha256(data).hexdigest() == report.submission.sha256
    return Source(_in_repository(path), file_lines(text) if same else ())


def _in_repository(path: str) -> str | None:
    """Return a file's path in the repository, ``None`` if it is outside."""
    workspace = Path(os.environ.get(_WORKSPACE) or ".")
    try:
        return Path(path).resolve().relative_to(workspace.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):  # elsewhere, too long, a loop of links, a NUL
        return None


def _size(variable: str) -> int:
    try:
        return Path(os.environ[variable]).stat().st_size
    except (KeyError, OSError):
        return 0


def _append(variable: str, text: str) -> None:
    """Append to the file that a workflow's variable names; do nothing without the variable."""
    path = os.environ.get(variable)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        raise GraderError(
            f"cannot write to {path}: {error}",
            hint=f"{variable} must name a file, as GitHub's runner sets it",
        ) from error
