"""``grade gradescope``: builds the autograder's zip, and grades a submission inside it."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import values
from grader.cli.arguments import Parser
from grader.cli.console import report_console, writing
from grader.detail import DETAILS, FULL, SCORE
from grader.errors import EXIT_PASSED, GraderError
from grader.options import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_BUILD, _RUN = "build", "run"
_USAGE = """grade gradescope build NAME [-o FILE.zip] [--detail HOW] [--hints N] [--policy FILE]
       grade gradescope run ROOT"""
_EPILOG = """\
`build` writes the zip for "Configure Autograder" of a programming assignment; docs/gradescope.md
says where it goes and what students see. It holds the solved notebook, which Gradescope shows to
no student. `run` is what the autograder does there: ROOT is /autograder.
"""
_NEXT = """\
wrote {path} ({size:.1f} MB): an autograder for {id} of {points:g} points
It holds the solved notebook: upload it, and give it to nobody else.

next, in Gradescope:
  1. create a programming assignment of {points:g} autograder points
  2. Configure Autograder: upload {name}, base image Ubuntu 22.04, and wait for the build
  3. Settings: a container with 1 CPU and 3 GB of memory, or more
  4. Test Autograder: hand in the solved notebook, which gets full marks, and {student},
     which gets none
"""


def gradescope(argv: Sequence[str]) -> int:
    """Build the zip, or grade in it; return the exit status.

    Raises ``GraderError`` for wrong usage, and whatever keeps a submission from its points.
    """
    options = _parser().parse_args(argv)
    if options.action == _RUN:
        return _run(Path(options.what))
    return _build(options)


def _parser() -> Parser:
    parser = Parser(
        prog="grade gradescope",
        usage=_USAGE,
        description="Build Gradescope's autograder for an assignment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("action", choices=(_BUILD, _RUN), help="build the zip, or grade one submission in it")
    add("what", metavar="NAME", help="the assignment's name or folder; for run the folder ROOT")
    add("-o", "--output", metavar="FILE", help="where the zip goes (default: NAME-gradescope.zip)")
    much = "what students are told: score (points alone), hint (what is wrong) or full (default)"
    add("--detail", choices=DETAILS, default=FULL, help=much)
    first = "tell so much for the first N attempts, and only the points for later ones"
    add("--hints", metavar="N", help=first)
    loss = "what late work loses, as policy.toml of a class says it; Gradescope knows the due dates"
    add("--policy", metavar="FILE", type=Path, help=loss)
    when = (
        "when students see the checks: visible (default), after_due_date, after_published, hidden"
    )
    from grader.autograders.settings import VISIBILITIES  # noqa: PLC0415 - after --help of others

    add("--visibility", choices=VISIBILITIES, default="visible", metavar="WHEN", help=f"{when}")
    isolation = (
        "what must protect the container from a notebook: auto (default), strict, basic, none"
    )
    add("--isolation", type=values.isolation, default="auto", metavar="HOW", help=isolation)
    return parser


def _build(options: argparse.Namespace) -> int:
    from grader.assignment import load_assignment  # noqa: PLC0415 - after wrong usage
    from grader.autograders.edition import full_edition  # noqa: PLC0415
    from grader.autograders.gradescope import autograder_zip  # noqa: PLC0415
    from grader.autograders.settings import Settings  # noqa: PLC0415
    from grader.files import save  # noqa: PLC0415

    hints = _hints(options.hints, options.detail)
    assignment = load_assignment(options.what)
    path = Path(options.output or f"{assignment.folder.name}-gradescope.zip")
    if path.suffix != ".zip":
        raise GraderError(
            f"{shown(str(path))} is no name of a zip", "grade gradescope build NAME -o FILE.zip"
        )
    if options.policy is not None and not options.policy.is_file():
        raise GraderError(
            f"there is no policy {shown(str(options.policy))}", "--policy policy.toml"
        )
    edition = full_edition(assignment)
    settings = Settings(
        edition.folder, options.detail, hints, options.isolation, options.visibility
    )
    content = autograder_zip(edition, assignment, settings, options.policy)
    save(path, content)
    with writing():
        sys.stdout.write(
            _NEXT.format(
                path=path,
                name=path.name,
                size=len(content) / 1e6,
                id=assignment.id,
                points=sum(check.points for check in assignment.checks),
                student="the students' notebook",
            )
        )
    return EXIT_PASSED


def _hints(text: str | None, detail: str) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise GraderError(f"--hints {shown(text)}: not a number of attempts", "--hints 3")
    if detail == SCORE:
        raise GraderError(
            "--hints tells more to the first attempts, and --detail score to none",
            "leave out one of the two",
        )
    return int(text)


def _run(root: Path) -> int:
    from grader.autograders.gradescope import run  # noqa: PLC0415 - slow
    from grader.reports.terminal import print_report  # noqa: PLC0415

    done = run(root)
    with writing():
        if done.outcome.report is not None:
            print_report(done.outcome.report, report_console())
        for remark in done.remarks:
            sys.stdout.write(f"{remark}\n")
    return EXIT_PASSED
