"""``grade diff OLD NEW``: whose points differ between two graded folders, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.changes import changes
from grader.batch.standing import read_standings
from grader.cli.arguments import Parser
from grader.cli.changes import print_changes
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = """\
exit status:
  0  the two are the same, in points and in words
  1  they differ
  2  wrong usage, or one of the two holds no results
"""


def diff(argv: Sequence[str]) -> int:
    """Compare two folders of results; return the exit status.

    Raises ``GraderError`` for wrong usage, and for what holds no results.
    """
    parser = Parser(
        prog="grade diff",
        usage="grade diff OLD NEW",
        description="Print whose points differ between two graded folders, check by check,\n"
        "and why as far as it can be told. Nothing is graded, and no file is changed.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    what = "a folder that grade -o wrote, or its results.jsonl"
    parser.add_argument("folders", nargs="*", metavar="OLD NEW", help=what)
    folders = parser.parse_args(argv).folders
    if len(folders) != 2:
        raise GraderError(
            "grade diff compares two folders of results", "grade diff OLD NEW: the older one first"
        )
    old, new = (read_standings(Path(folder)) for folder in folders)
    found = changes(old, new)
    print_changes(found)
    return EXIT_PASSED if found.same else EXIT_POINTS_LOST
