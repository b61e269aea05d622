"""``grade lint``: finds all that is wrong with an assignment's files."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST
from grader.reports.progress import StatusLine
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.grading.grader import Grader
    from grader.rubric.lacks import LintProblem

_EPILOG = """\
what is looked at, all of it at once:
  every file is TOML, with the keys and values that it may have: docs/rubric.md lists them
  every name leads somewhere, every blank is graded, and every point can be had
  the solved notebook has the parts, the marks and the functions that the rubric speaks of
  every listed answer finds its place, and the students' notebook is up to date
  the solved notebook gets all points, the students' notebook none (not with --static)
warnings are about what is missing and may be left out

exit status:
  0  nothing is wrong; there may be warnings
  1  something is wrong
  2  wrong usage, or there is no such assignment
  3  the grader itself failed
"""
_LONGEST = 2_000


def lint(argv: Sequence[str]) -> int:
    """Check the files of some assignments, of all by default; return the exit status.

    Raises ``GraderError`` for wrong usage and for an assignment that is not there.
    """
    parser = Parser(
        prog="grade lint",
        usage="grade lint [OPTION ...] [NAME|DIR ...]",
        description="Find all that is wrong with an assignment's files.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME|DIR", help="assignments (default: all that are found)")
    add("--static", action="store_true", help="run nothing: leave out the grading")
    add("--json", action="store_true", help="one JSON object an assignment and line, on stdout")
    options = parser.parse_args(argv)
    from grader.assignment import assignment_folder, known_assignments  # noqa: PLC0415
    from grader.rubric.lacks import ERROR  # noqa: PLC0415
    from grader.rubric.lint import lint  # noqa: PLC0415 - after --help

    folders = [assignment_folder(name) for name in options.names or known_assignments()]
    wrong = False
    for folder in folders:
        with StatusLine() as progress:
            progress.step(f"looking at {folder.name}")
            found = lint(folder, None if options.static else _grader)
        wrong = wrong or any(one.level == ERROR for one in found)
        with writing():
            (_print_json if options.json else _print)(folder, found)
    return EXIT_POINTS_LOST if wrong else EXIT_PASSED


def _grader(assignment: Assignment) -> Grader:
    from grader.grading.grader import Grader  # noqa: PLC0415 - only where something is graded

    return Grader(assignment, seed=1, device="cpu")


def _print_json(folder: Path, found: Sequence[LintProblem]) -> None:
    table = {"assignment": str(folder), "problems": [asdict(one) for one in found]}
    sys.stdout.write(json.dumps(table) + "\n")


def _print(folder: Path, found: Sequence[LintProblem]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        style = "red" if one.level == "error" else "yellow"
        message = printable(one.message, _LONGEST)
        console.print(Text.assemble((f"{one.level}: ", style), message))
        if one.hint:
            console.print(Text(f"  hint: {printable(one.hint, _LONGEST)}", "dim"))
    if not found:
        console.print(Text.assemble(("ok ", "green"), folder.name))
