"""``grade rescore OUT``: a changed rubric applied to a class that was graded before."""

from __future__ import annotations

import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from grader import points as marks
from grader.batch.replay import Replay
from grader.batch.rescore import rescore
from grader.batch.results import Results
from grader.batch.settings import ClassSettings
from grader.batch.store import open_store
from grader.classroom.names import DATABASE
from grader.classroom.overrides import load_overrides
from grader.cli.arguments import parse_rescore
from grader.cli.console import report_console, writing
from grader.cli.finish import finish
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.batch.rescore import Change, Rescored

_NAMES = 40


def run_rescore(argv: Sequence[str]) -> int:
    """Judge the folder's results again, write its files, and print what changed for whom."""
    arguments = parse_rescore(argv)
    out = Path(arguments.batch.out or "")
    shown = printable(str(out), 200)
    if not (out / DATABASE).is_file():
        raise GraderError(f"{shown} holds no graded class", "grade it first: grade PATH -o OUT")
    with ExitStack() as stack:
        store = stack.enter_context(open_store(out))
        begun, handed_in = store.fact("settings"), store.handed_in()
        if begun is None or handed_in is None:
            raise GraderError(f"{shown} holds no graded class", "grade it first: grade PATH -o OUT")
        settings = ClassSettings.from_text(begun)
        replay = Replay(store, settings.isolation)
        with redirect_stdout(sys.stderr):
            grader = stack.enter_context(settings.grader(store, replay))
            points = {check.id: check.points for check in grader.assignment.checks}
            overrides = load_overrides(out / "overrides.toml", points)
            rescored = rescore(handed_in.counted, grader, replay, settings, store)
        with writing():
            _print(rescored)
        finish(arguments, out, Results(handed_in, store, overrides), grader)
    return EXIT_POINTS_LOST if rescored.left else EXIT_PASSED


def _print(rescored: Rescored) -> None:
    """Print whose points changed, and who could not be judged again."""
    console = report_console()
    points = [change for change in rescored.changes if change.points]
    words = len(rescored.changes) - len(points)
    console.print(Text(f"points changed for {len(points)}, only words for {words}"))
    for change in points[:_NAMES]:
        console.print(Text("  " + _line(change)))
    if len(points) > _NAMES:
        console.print(Text(f"  … and {len(points) - _NAMES} more: see results.jsonl"))
    if rescored.left:
        names = ", ".join(printable(student.shown, 40) for student in rescored.left[:10])
        console.print(Text(f"must be graded again, and keep their points: {names}"))
    console.print()


def _line(change: Change) -> str:
    before, after = change.before, change.after
    old = {check.id: check.score for check in before.checks}
    single = ", ".join(
        f"{check.title} {marks.points(old.get(check.id, 0.0))} → {marks.points(check.score)}"
        for check in after.checks
        if check.score != old.get(check.id)
    )
    total = f"{marks.points(before.score)} → {marks.points(after.score)}"
    return f"{printable(change.student.shown, 40)}: {total} ({single})"
