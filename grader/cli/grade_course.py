"""Grades a course: sorts the hand-ins by assignment, and grades each as a class of its own.

Every assignment has a folder as any class has it; above them stand one table and one index.
"""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.begun import EVERYONE, begin, unfinished
from grader.batch.course import course_of, note_part, refuse_part, refuse_single_class
from grader.batch.course_books import course_books
from grader.batch.results import Results
from grader.batch.settings import ClassSettings, settings_of
from grader.batch.store import open_store
from grader.classroom import HandedIn
from grader.cli.changes import tell
from grader.cli.class_run import ClassRun, class_runner, ending, grade_hand_ins, results_folder
from grader.cli.course_hand_ins import (
    PartHandIns,
    named_students,
    of_part,
    refuse_single_files,
    whole_course,
)
from grader.cli.course_index import write_index
from grader.cli.early import STRANGERS
from grader.cli.remembered import Remembered, with_remembered
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from grader.batch.course import CourseFacts
    from grader.batch.store import Store
    from grader.cli.given import Arguments
    from grader.intake import Archives
    from grader.runners.base import ClassRunner

# What each assignment's folder remembers by itself, for ``grade rescore``.
_OF_EACH = ("format", "zips", "show_answers", "detail")


def grade_course(
    arguments: Arguments,
    store: Store | None,
    archives: Archives,
    stack: ExitStack,
    started: ClassRunner | None,
) -> int:
    """Grade a course into its folder, whose database is ``store``; return the exit status.

    Everything that can be refused is refused before anything is graded. Raises ``GraderError``.
    """
    out = Path(arguments.batch.out or "")
    before = _before(arguments, store, out)
    arguments, memory = with_remembered(arguments, store, stack)
    arguments = replace(arguments, assignment=None)
    if arguments.paths and not arguments.batch.only:
        memory = memory.with_paths(arguments.paths)
    if store is not None and before is not None and arguments.batch.only:
        facts, parts = named_students(arguments, before, unfinished(store), stack)
    else:
        facts, parts = whole_course(arguments, before, memory.paths_here, archives, stack)
    books = course_books(arguments.batch.gradebooks, arguments.batch.columns, facts.parts)
    out = results_folder(str(out), stack)
    if store is None:
        store = stack.enter_context(open_store(out))
    settings = _settings(arguments, store)

    @cache
    def begins() -> None:
        """Note that the course changes, when the first of its assignments does."""
        only = {id_ for part in parts for id_ in part.hand_ins.ids}
        begin(store, only if arguments.batch.only else [EVERYONE], HandedIn(()), "")
        facts.note(store)
        settings.note(store)
        memory.note(store)

    with redirect_stdout(sys.stderr):
        runner = started or class_runner(arguments.batch.scheduler, settings.isolation)
    stack.callback(runner.close)
    status, results = EXIT_PASSED, dict[str, Results]()
    for part in parts:
        if part.hand_ins.todo:
            if results:
                tell([""])
            ended, results[part.id] = _grade(
                part, arguments, settings, memory, archives, runner, stack, begins
            )
            status = max(status, ended)
        elif (kept := part.results()) is not None:
            results[part.id] = kept
    begins()  # where nobody handed anything in
    most = {part.id: part.max_score for part in parts}
    write_index(out, store, facts, results, most, books)
    return max(status, EXIT_POINTS_LOST) if facts.left_out else status


def _before(arguments: Arguments, store: Store | None, out: Path) -> CourseFacts | None:
    """Return the course that the folder holds; raises ``GraderError`` if it holds something else.

    It also raises one for options that no course has, and where there is nothing to begin with.
    """
    refuse_single_files(arguments)
    before = course_of(store)
    if store is not None:
        refuse_part(store, out)
        refuse_single_class(store, out)
    if before is None and (arguments.batch.only or not arguments.paths):
        shown = printable(str(out), 200)
        raise GraderError(f"{shown} holds no course", "grade it first: grade PATH -o OUT --course")
    return before


def _settings(arguments: Arguments, store: Store) -> ClassSettings:
    """Return what all assignments are graded by; a later run keeps the seed."""
    begun = settings_of(store)
    seed = arguments.seed
    if seed is None:
        seed = int.from_bytes(os.urandom(4), "big") if begun is None else begun.seed
    return ClassSettings(
        assignment="",  # each has its own
        device=arguments.device or "auto",
        seed=seed,
        isolation=arguments.isolation or STRANGERS,
        timeout=arguments.timeout,
        python=arguments.python,
        data=arguments.data and os.path.abspath(arguments.data),  # noqa: PTH100
        grouping=arguments.batch.grouping is not False,
    )


def _grade(
    part: PartHandIns,
    arguments: Arguments,
    settings: ClassSettings,
    memory: Remembered,
    archives: Archives,
    runner: ClassRunner,
    stack: ExitStack,
    begins: Callable[[], object],
) -> tuple[int, Results]:
    """Grade one assignment and write its folder; return the exit status and the results."""
    out = results_folder(str(part.out), stack)
    store = part.store or stack.enter_context(open_store(out))
    note_part(store)
    mine = of_part(arguments, part)
    options = {name: memory.options[name] for name in _OF_EACH if name in memory.options}
    run = ClassRun(
        mine,
        out,
        store,
        archives,
        runner,
        replace(settings, assignment=part.name),
        part.hand_ins,
        Remembered(options=options, home=memory.home, paths=memory.paths, named=True),
        begins,
        part.late,
    )
    done = grade_hand_ins(run, stack)
    from grader.cli.finish import finish  # noqa: PLC0415 - see ``class_run``

    statistics = finish(mine, out, done.results, done.grader, store, done.state)
    return ending(done.tally, statistics), done.results
