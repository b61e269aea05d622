"""Prints whose points changed between two states of a class, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.cli.console import report_console, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.batch.changes import ClassChanges
    from grader.batch.standing import StudentStanding


def print_changes(changes: ClassChanges, *, to_stdout: bool = True) -> None:
    """Print every change of points in full, on stdout or on stderr."""
    points = changes.of_points
    words = len(changes.changed) - len(points)
    lines = [f"points changed for {len(points)}, only words for {words}"]
    lines += [f"  {change.line}" for change in points]
    lines += _listed("new in the class", changes.added)
    lines += _listed("no longer in the class", changes.gone)
    tell(["", *lines] if to_stdout else lines, to_stdout=to_stdout)


def tell(lines: Sequence[str], *, to_stdout: bool = True) -> None:
    """Print lines of safe text on stdout, or on stderr where stdout is for something else."""
    if not to_stdout:
        print("\n".join(lines), file=sys.stderr)  # noqa: T201 - see above
        return
    from rich.text import Text  # noqa: PLC0415 - takes time

    with writing():
        console = report_console()
        for line in lines:
            console.print(Text(line), soft_wrap=True)


def _listed(what: str, students: Sequence[StudentStanding]) -> list[str]:
    names = "; ".join(student.shown for student in students)
    return [f"{what}, {len(students)}: {names}"] if students else []
