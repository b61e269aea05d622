"""Grades a whole class, into a folder that keeps it or for a summary alone."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment import lasting_name, load_assignment
from grader.batch.beforehand import check_files, check_zips
from grader.batch.course import course_of, refuse_part
from grader.batch.settings import (
    ClassSettings,
    recognise_class,
    refuse_another_assignment,
    refuse_other_hand_ins,
    settings_of,
)
from grader.batch.store import open_store
from grader.cli.class_run import ClassRun, class_runner, ending, grade_hand_ins, results_folder
from grader.cli.contradictions import refuse_several
from grader.cli.early import STRANGERS
from grader.cli.extras import extras
from grader.cli.hand_ins import hand_ins_of, store_of
from grader.cli.remembered import with_remembered
from grader.intake import Archives
from grader.reports import json_report
from grader.text import printable

if TYPE_CHECKING:
    from grader.batch.store import Store
    from grader.classroom import HandedIn
    from grader.cli.given import Arguments
    from grader.runners.base import ClassRunner

# How many young objects the garbage collector waits for. Python's own 700 are soon reached where
# syntax trees are built, which have no cycles, and collecting took a tenth of the judging's time.
_YOUNG = 20_000


def run_batch(arguments: Arguments, started: ClassRunner | None = None) -> int:
    """Grade every submission that is found, write what was asked for, print a summary.

    ``started`` is the runner on this machine, if it was started already.
    """
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    if arguments.json is not None:
        json_report.check_destination(arguments.json)
    with extras(arguments), ExitStack() as stack:
        archives = stack.enter_context(Archives())
        store = store_of(arguments.batch.out, stack)
        if arguments.batch.course or course_of(store) is not None:
            # Imported only when needed, as most folders are one class's.
            from grader.cli.grade_course import grade_course  # noqa: PLC0415

            return grade_course(arguments, store, archives, stack, started)
        refuse_several(arguments)
        refuse_part(store, Path(arguments.batch.out or ""))
        arguments, memory = with_remembered(arguments, store, stack)
        asked = arguments.batch
        check_files(asked.gradebooks, Path(asked.out or ""))
        hand_ins, memory = hand_ins_of(arguments, memory, store, archives)
        check_zips(asked.zips, hand_ins.handed_in)
        out = results_folder(asked.out, stack)
        if store is None:
            store = stack.enter_context(open_store(out))
        isolation = arguments.isolation or STRANGERS
        with redirect_stdout(sys.stderr):
            runner = started or class_runner(arguments.batch.scheduler, isolation)
        stack.callback(runner.close)
        handed_in = hand_ins.handed_in
        settings = _settings(
            arguments, isolation, store, handed_in, archives, runner, named=memory.named
        )
        run = ClassRun(arguments, out, store, archives, runner, settings, hand_ins, memory)
        done = grade_hand_ins(run, stack)
        # Ending the workers takes a while, so it is done while the pages are written.
        threading.Thread(target=runner.close, name="grader-ending").start()
        from grader.cli.finish import finish  # noqa: PLC0415 - see ``class_run``

        statistics = finish(arguments, out, done.results, done.grader, store, done.state)
    return ending(done.tally, statistics)


def _settings(
    arguments: Arguments,
    isolation: str,
    store: Store,
    handed_in: HandedIn,
    archives: Archives,
    runner: ClassRunner,
    *,
    named: bool,
) -> ClassSettings:
    """Return what to grade by; a run that goes on keeps the seed and assignment it began with.

    The runner of a new class is started as soon as one of its notebooks is recognised. ``named``
    means that the user has named the assignment.
    """
    begun = settings_of(store)
    seed = arguments.seed
    if seed is None:
        seed = int.from_bytes(os.urandom(4), "big") if begun is None else begun.seed
    if arguments.assignment is not None:
        asked = load_assignment(arguments.assignment)
        assignment = lasting_name(asked)
        if begun is not None and begun.assignment != assignment:
            refuse_another_assignment(begun, asked)
        if begun is not None:
            refuse_other_hand_ins(begun, handed_in, archives, named=named)
    else:
        found = recognise_class(handed_in, archives, runner.start)
        assignment = found.id
        told = f"assignment: {found.title}, as {found.alike} of {found.seen} hand-ins show"
        print(printable(told, 200), file=sys.stderr)  # noqa: T201 - stdout is for reports
    return ClassSettings(
        assignment=assignment,
        device=arguments.device or "auto",
        seed=seed,
        isolation=isolation,
        timeout=arguments.timeout,
        python=arguments.python,
        # The same folder wherever a later command is given.
        data=arguments.data and os.path.abspath(arguments.data),  # noqa: PTH100
        grouping=arguments.batch.grouping is not False,
    )
