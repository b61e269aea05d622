"""``grade diff OLD NEW``: whose points differ between two graded folders, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.changes import changes
from grader.batch.standing import RESULTS, read_standings
from grader.cli.arguments import Parser
from grader.cli.changes import print_changes, tell
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.text import printable

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
    old, new = map(Path, folders)
    assignments = _of_course(old), _of_course(new)
    if not any(assignments):
        return EXIT_PASSED if _compared(old, new) else EXIT_POINTS_LOST
    if not all(assignments):
        raise GraderError(
            "one of the two is a course, and the other one is one class",
            "name two courses, or one assignment's folder of each: grade diff OLD/mlp NEW/mlp",
        )
    same = True
    for name in sorted({*assignments[0], *assignments[1]}):
        shown = printable(name, 60)
        if name in assignments[0] and name in assignments[1]:
            tell(["", f"{shown}:"])
            same &= _compared(old / name, new / name)
        else:
            where = old if name in assignments[0] else new
            tell(["", f"{shown}: only in {printable(str(where), 200)}"])
            same = False
    return EXIT_PASSED if same else EXIT_POINTS_LOST


def _of_course(folder: Path) -> tuple[str, ...]:
    """Return the folders of a course's assignments, none where the folder is a class's or a file.

    A course's folder has no results of its own.
    """
    try:
        if (folder / RESULTS).is_file() or not folder.is_dir():
            return ()
        return tuple(sorted(one.parent.name for one in folder.glob(f"*/{RESULTS}")))
    except (OSError, ValueError):
        return ()


def _compared(old: Path, new: Path) -> bool:
    """Print what differs between two classes; return whether nothing does."""
    found = changes(read_standings(old), read_standings(new))
    print_changes(found)
    return found.same
