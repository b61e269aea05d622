"""``grade rescore OUT``: a changed rubric applied to a class that was graded before."""

from __future__ import annotations

import sys
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.beforehand import check_files, check_zips, open_books
from grader.batch.begun import begin_rescoring
from grader.batch.course import course_of, refuse_part
from grader.batch.course_books import course_books
from grader.batch.late_work import late_work
from grader.batch.replay import Replay
from grader.batch.rescore import refuse_without_results, rescore
from grader.batch.results import Results
from grader.batch.settings import settings_of
from grader.batch.store import open_store
from grader.classroom.names import DATABASE
from grader.classroom.overrides import load_overrides
from grader.cli.arguments import parse_rescore
from grader.cli.changes import tell
from grader.cli.console import writing
from grader.cli.contradictions import refuse_several
from grader.cli.course_hand_ins import graded_parts, of_part, refuse_single_files
from grader.cli.course_index import write_index
from grader.cli.finish import finish
from grader.cli.remembered import with_remembered
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.fingerprint import installed
from grader.reports import json_report
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.batch.course import CourseFacts
    from grader.batch.late_work import LateWork
    from grader.batch.settings import ClassSettings
    from grader.batch.store import Store
    from grader.classroom import Student
    from grader.cli.given import Arguments

_HELP = """\
usage: grade rescore OUT [OPTION ...]

Judge a graded class again from what was observed, after a change of points, thresholds, words,
overrides.toml or policy.toml. No student's code runs. Every file of OUT is written anew, gradebooks
and zips too, and it is said whose points changed and why. Who is who stays as it was graded.

  --gradebook FILE, --column NAME, --times FILE, --format nbgrader,
  --zip canvas|moodle, --show-answers, --detail score|hint|full, --annotated,
  --json FILE, --junit FILE, --forget OPTION
                  as for grade, which --help explains
  -h, --help      show this
"""


def run_rescore(argv: Sequence[str]) -> int:
    """Judge the folder's results again, write its files, and print what changed for whom."""
    if {"-h", "--help"} & {*argv}:
        with writing():
            sys.stdout.write(_HELP)
        return EXIT_PASSED
    arguments = parse_rescore(argv)
    out = Path(arguments.batch.out or "")
    shown = printable(str(out), 200)
    if not (out / DATABASE).is_file():
        raise GraderError(f"{shown} holds no graded class", "grade it first: grade PATH -o OUT")
    with ExitStack() as stack:
        store = stack.enter_context(open_store(out))
        facts = course_of(store)
        if facts is None:
            refuse_several(arguments)
            refuse_part(store, out)
            left = _rescore_class(arguments, out, store, stack)[1]
        else:
            left = _rescore_course(arguments, out, store, facts, stack)
    return EXIT_POINTS_LOST if left else EXIT_PASSED


def _rescore_class(
    arguments: Arguments, out: Path, store: Store, stack: ExitStack, late: LateWork | None = None
) -> tuple[Results, list[Student]]:
    """Judge one class again; return its results, and who keeps those of before.

    ``late`` is how late everyone is, where that was looked at already.
    """
    settings, handed_in = settings_of(store), store.handed_in()
    if settings is None or handed_in is None:
        shown = printable(str(out), 200)
        raise GraderError(f"{shown} holds no graded class", "grade it first: grade PATH -o OUT")
    refuse_without_results(store, handed_in)
    _refuse_what_is_settled(arguments, settings)
    arguments, memory = with_remembered(arguments, store, stack, reads=("times", "gradebooks"))
    replay = Replay(store, settings.isolation)
    with redirect_stdout(sys.stderr):
        grader = stack.enter_context(settings.grader(store, replay))
        points = {check.id: check.points for check in grader.assignment.checks}
        overrides = load_overrides(out / "overrides.toml", points)
        books = arguments.batch.gradebooks
        check_files(books, out)
        open_books(books, arguments.batch.column, grader.assignment, handed_in)
        check_zips(arguments.batch.zips, handed_in)
        times = arguments.batch.times
        late = late or late_work(out, grader.assignment, handed_in, times)
        begin_rescoring(store)
        memory.note(store)
        left = rescore(handed_in.counted, grader, replay, settings, store)
    state = settings.facts(grader.assignment, grader.data, installed())
    results = Results(handed_in, store, overrides, late)
    finish(arguments, out, results, grader, store, state)
    if left:
        names = [printable(student.shown, 40) for student in left]
        between = "; " if any("," in name for name in names) else ", "
        told = f"must be graded again, and keep their points: {between.join(names)}"
        only_json = arguments.json == json_report.STDOUT
        print(told, file=sys.stderr if only_json else sys.stdout)
    return results, left


def _rescore_course(
    arguments: Arguments, out: Path, store: Store, facts: CourseFacts, stack: ExitStack
) -> list[Student]:
    """Judge every assignment of a course again; return who keeps the points of before."""
    refuse_single_files(arguments)
    settings = settings_of(store)
    if settings is not None:
        _refuse_what_is_settled(arguments, settings)
    arguments, memory = with_remembered(arguments, store, stack, reads=("times", "gradebooks"))
    batch = arguments.batch
    check_files(batch.gradebooks, out)
    books = course_books(batch.gradebooks, batch.columns, facts.parts)
    parts = graded_parts(arguments, facts, stack)
    for part in parts:
        if part.store is not None:
            refuse_without_results(part.store, part.hand_ins.handed_in)
    begin_rescoring(store)
    memory.note(store)
    found: dict[str, Results] = {}
    left: list[Student] = []
    for part in parts:
        if part.store is not None:
            if found:
                tell([""])
            found[part.id], open_ones = _rescore_class(
                of_part(arguments, part), part.out, part.store, stack, part.late
            )
            left += open_ones
    write_index(out, store, facts, found, {part.id: part.max_score for part in parts}, books)
    return left


def _refuse_what_is_settled(arguments: Arguments, settings: ClassSettings) -> None:
    """Raise ``GraderError`` for options that only a run of the programs could follow."""
    batch = arguments.batch
    kept = ("device", "seed", "isolation", "timeout", "data", "python", "assignment")
    asked: dict[str, bool] = {
        **{
            f"--{name}": getattr(arguments, name) not in (None, getattr(settings, name))
            for name in kept
        },
        "PATH": bool(arguments.paths),
        "--roster": batch.roster is not None,
        "--groups": batch.groups is not None,
        "--no-grouping": batch.grouping is not None and batch.grouping != settings.grouping,
        "--jobs": batch.jobs is not None,
        "--scheduler": batch.scheduler is not None,
        "--only": bool(batch.only),
        "--replace": batch.replace,
    }
    for option, given in asked.items():
        if given:
            raise GraderError(
                f"rescore judges what was observed by students known before: {option} changes that",
                f"grade -o OUT {option if option == 'PATH' else option + ' …'}",
            )
