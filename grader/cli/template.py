"""``grade template build|check``: students' notebooks, built from the solved ones."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.reports.progress import StatusLine
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.template.check import Problem

_EPILOG = """\
  build    write student_templates/ anew: answers cut, outputs and leftovers gone, the rubric's
           points in the table of the text
  check    compare them with what build would write; look for lost markers and for answers that
           can be read; grade them, which must give nothing

exit status:
  0  all written, or all as they should be
  1  check found something
  2  wrong usage, or an assignment's files contradict themselves
  3  the grader itself failed
"""
_ACTIONS = ("build", "check")
_MOST_LINES = 60


def template(argv: Sequence[str]) -> int:
    """Build or check the template of every assignment in a folder; return the exit status.

    Raises ``GraderError`` for wrong usage and for solved notebooks that are wrong.
    """
    parser = Parser(
        prog="grade template",
        usage="grade template build|check [--root DIR]",
        description="Make the students' notebooks from the solved ones, or check them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("action", nargs="?", metavar="build|check")
    where = "the folder of reference/ and student_templates/ (default: the current one)"
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=where)
    options = parser.parse_args(argv)
    if options.action not in _ACTIONS:
        raise GraderError("grade template does one of two things", "grade template build|check")
    from grader.assignment import all_assignments  # noqa: PLC0415 - after --help
    from grader.grading.known_options import require_options  # noqa: PLC0415

    assignments = all_assignments(options.root)
    for assignment in assignments:
        require_options(assignment)
    if options.action == "build":
        return _build(assignments)
    return _check(assignments)


def _build(assignments: Sequence[Assignment]) -> int:
    from grader.template.build import notebook_text, student_notebook  # noqa: PLC0415

    texts = [(one.template, notebook_text(student_notebook(one))) for one in assignments]
    for path, text in texts:
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise GraderError(f"cannot write {path}: {error.strerror or error}") from error
        with writing():
            sys.stdout.write(f"built {_shown(path)}\n")
    return EXIT_PASSED


def _check(assignments: Sequence[Assignment]) -> int:
    from grader.template.check import problems  # noqa: PLC0415

    wrong = False
    for assignment in assignments:
        found = problems(assignment)
        # A missing template can't be graded.
        if assignment.template.is_file():
            found += _points(assignment)
        wrong = wrong or bool(found)
        with writing():
            _print(assignment, found)
    return EXIT_POINTS_LOST if wrong else EXIT_PASSED


def _points(assignment: Assignment) -> list[Problem]:
    """Grade the template's file; return a problem for each check that is not as of an empty one."""
    from grader.errors import InternalError  # noqa: PLC0415
    from grader.grading.grader import Grader  # noqa: PLC0415
    from grader.report import Status  # noqa: PLC0415
    from grader.template.check import Problem  # noqa: PLC0415

    with StatusLine() as progress, Grader(assignment=str(assignment.folder), seed=1) as grader:
        try:
            report = grader.grade(assignment.template, progress.step)
        except GraderError as error:
            return [Problem(f"can't be graded: {error.message}")]
    if report.internal_error:
        raise InternalError(f"grading {assignment.template.name} failed")
    return [
        Problem(
            f"{check.title} gives {check.score:g} of {check.max_score:g} points and is "
            f"{check.status}: a template must get nothing, and be not_attempted"
        )
        for check in report.checks
        if check.status is not Status.NOT_ATTEMPTED or check.score
    ]


def _print(assignment: Assignment, found: Sequence[Problem]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    name = _shown(assignment.template)
    if not found:
        console.print(Text.assemble(("ok    ", "green"), name))
    for problem in found:
        console.print(Text.assemble(("wrong ", "red"), f"{name} {printable(problem.message, 400)}"))
        for line in problem.lines[:_MOST_LINES]:
            console.print(Text(f"      {printable(line, 200, keep_lines=True)}", _style(line)))
        if len(problem.lines) > _MOST_LINES:
            console.print(Text(f"      … and {len(problem.lines) - _MOST_LINES} lines more"))
    if any(problem.lines for problem in found):
        console.print(Text("      grade template build writes it anew", "dim"))


def _style(line: str) -> str:
    return {"+": "green", "-": "red"}.get(line[:1], "dim")


def _shown(path: Path) -> str:
    """Return a path relative to the current folder if it is inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
