"""``grade classroom50``: builds the autograder's folder, and grades a checkout inside it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import values
from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.detail import DETAILS, FULL
from grader.errors import EXIT_PASSED, GraderError
from grader.options import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.autograders.edition import Edition

_BUILD, _RUN = "build", "run"
_USAGE = """grade classroom50 build NAME [-o DIR] [--detail HOW]
       grade classroom50 run BUNDLE"""
_EPILOG = """\
`build` writes the folder that goes into the organization's repository classroom50, under
CLASSROOM/autograders/ASSIGNMENT; docs/github.md says how, and who can read it there. `run` is what
the autograder does in a student's checkout: it writes result.json and release-body.md.
"""
_NEXT = """\
wrote {folder}/ ({size:.1f} MB packed): an autograder for {id} of {points:g} points

next, with ORG, CLASSROOM and OWNER/TEMPLATE of yours:
  1. add the assignment, with the Python that the grader runs on:
       gh teacher assignment add ORG CLASSROOM {slug} --name "{title}" \\
           --template OWNER/TEMPLATE --runtime {folder}/runtime.json
  2. commit the folder to ORG/classroom50 as CLASSROOM/autograders/{slug}:
       gh repo clone ORG/classroom50
       mkdir -p classroom50/CLASSROOM/autograders
       cp -r {folder} classroom50/CLASSROOM/autograders/{slug}
       git -C classroom50 add CLASSROOM/autograders/{slug}
       git -C classroom50 commit -m "Grade {slug}" && git -C classroom50 push
  3. hand in the solved notebook from an account of your own, before students do
"""


def classroom50(argv: Sequence[str]) -> int:
    """Build the folder, or grade with it; return the exit status.

    Raises ``GraderError`` for wrong usage, and whatever keeps a submission from its points.
    """
    parser = Parser(
        prog="grade classroom50",
        usage=_USAGE,
        description="Build Classroom 50's autograder for an assignment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("action", choices=(_BUILD, _RUN), help="build the folder, or grade one checkout with it")
    add("what", metavar="NAME", help="the assignment's name or folder; for run the folder BUNDLE")
    add("-o", "--output", metavar="DIR", help="where the folder goes (default: NAME-classroom50)")
    much = "what students are told: score (points alone), hint (what is wrong) or full (default)"
    add("--detail", choices=DETAILS, default=FULL, help=much)
    isolation = "how notebooks are confined: auto (default), strict, basic or none"
    add("--isolation", type=values.isolation, default="auto", metavar="HOW", help=isolation)
    options = parser.parse_args(argv)
    return _run(Path(options.what)) if options.action == _RUN else _build(options)


def _build(options: argparse.Namespace) -> int:
    from grader.assignment import load_assignment  # noqa: PLC0415 - after wrong usage
    from grader.autograders.classroom50 import bundle, packed_size  # noqa: PLC0415
    from grader.autograders.edition import full_edition  # noqa: PLC0415
    from grader.autograders.settings import Settings  # noqa: PLC0415
    from grader.files import save  # noqa: PLC0415

    assignment = load_assignment(options.what)
    folder = Path(options.output or f"{assignment.folder.name}-classroom50")
    edition = full_edition(assignment)
    content = bundle(edition, Settings(edition.folder, options.detail, None, options.isolation))
    _make_room(folder)
    for name, data in content.items():
        save(folder / name, data)
    with writing():
        sys.stdout.write(
            _NEXT.format(
                folder=folder,
                size=packed_size(content) / 1e6,
                id=assignment.id,
                title=assignment.title.replace('"', "'"),
                points=sum(check.points for check in assignment.checks),
                slug=assignment.folder.name.lower().replace("_", "-"),
            )
        )
    _warn(edition)
    return EXIT_PASSED


def _make_room(folder: Path) -> None:
    """Remove an older bundle; raises ``GraderError`` for a folder that holds anything else."""
    from grader.autograders.classroom50 import ENTRY, RUNTIME  # noqa: PLC0415
    from grader.autograders.edition import FOLDER  # noqa: PLC0415
    from grader.autograders.settings import SETTINGS  # noqa: PLC0415

    try:
        there = list(folder.iterdir()) if folder.exists() else []
        if not there:
            return
        ours = {ENTRY, RUNTIME, SETTINGS, FOLDER}
        others = [one.name for one in there if one.name not in ours and one.suffix != ".whl"]
        if others or not (folder / SETTINGS).is_file():
            named = f", and holds {shown(others[0])}" if others else ""
            raise GraderError(
                f"{shown(str(folder))} is there{named}: no bundle of ours, so nothing was changed",
                "name another folder: -o DIR",
            )
        shutil.rmtree(folder)
    except OSError as error:
        raise GraderError(f"cannot write {shown(str(folder))}: {error.strerror or error}") from None


def _warn(edition: Edition) -> None:
    """Say on stderr what whoever reads the bundle learns of the answers."""
    if not edition.answers:
        return
    held = "\n".join(f"  - {one}" for one in edition.answers)
    sys.stderr.write(
        "\nwarning: Classroom 50 publishes this folder on a page that anyone can open, students "
        f"too.\nIt holds, readable for them:\n{held}\nGrade with it only where they may know "
        "these, such as an exercise without points.\n"
    )


def _run(bundle_folder: Path) -> int:
    from grader.autograders.classroom50 import run  # noqa: PLC0415 - slow
    from grader.points import points  # noqa: PLC0415

    report = run(bundle_folder, Path.cwd(), os.environ)
    with writing():
        # No word of the student's: the runner would obey a line of it.
        sys.stdout.write(f"graded: {points(report.score)} of {points(report.max_score)} points\n")
    return EXIT_PASSED
