"""Grades a whole class, into a folder that keeps it or for a summary alone."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import ExitStack, redirect_stdout, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment import lasting_name, load_assignment
from grader.batch.anew import AnewStore, judge_same_programs
from grader.batch.beforehand import check_files, check_zips, open_books
from grader.batch.begun import EVERYONE, begin
from grader.batch.hand_ins import seen_from_anywhere
from grader.batch.replay import record
from grader.batch.results import Results
from grader.batch.run import grade_class
from grader.batch.settings import (
    ClassSettings,
    recognise_class,
    refuse_another_assignment,
    refuse_other_hand_ins,
    settings_of,
)
from grader.batch.store import open_store
from grader.classroom.overrides import load_overrides
from grader.cli.console import complain_of_ourselves
from grader.cli.early import STRANGERS
from grader.cli.extras import extras
from grader.cli.hand_ins import hand_ins_of, store_of
from grader.cli.remembered import with_remembered
from grader.errors import EXIT_INTERNAL, EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.intake import Archives
from grader.reports import json_report
from grader.reports.progress import ClassProgress
from grader.runners.local import PROBES, LocalRunner
from grader.temporary import temporary_folder
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.batch.store import Store
    from grader.classroom import Attempt, Graded, HandedIn
    from grader.cli.given import Arguments
    from grader.grading.grader import Grader
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
        arguments, memory = with_remembered(arguments, store, stack)
        asked = arguments.batch
        check_files(asked.gradebooks, Path(asked.out or ""))
        hand_ins, memory = hand_ins_of(arguments, memory, store, archives)
        check_zips(asked.zips, hand_ins.handed_in)
        out = _folder(asked.out, stack)
        if store is None:
            store = stack.enter_context(open_store(out))
        isolation = arguments.isolation or STRANGERS
        with redirect_stdout(sys.stderr):
            runner = started or _runner(arguments.batch.scheduler, isolation)
        stack.callback(runner.close)
        handed_in = hand_ins.handed_in
        settings = _settings(
            arguments, isolation, store, handed_in, archives, runner, named=memory.named
        )
        with redirect_stdout(sys.stderr), ClassProgress() as progress:
            only = bool(asked.only)
            answers = AnewStore(store) if only else store
            grader = stack.enter_context(settings.grader(answers, runner))
            open_books(asked.gradebooks, asked.column, grader.assignment, handed_in)
            warm = partial(_warm_up, grader, pages=arguments.batch.out is not None)
            threading.Thread(target=warm, name="grader-ahead", daemon=True).start()
            # Read before the work, so that a mistake in the file is reported at once.
            points = {check.id: check.points for check in grader.assignment.checks}
            overrides = load_overrides(out / "overrides.toml", points)
            state = settings.facts(grader.assignment, grader.data, runner.machine)
            digest = settings.digest(grader.assignment, grader.data, runner.machine)
            todo = begin(store, hand_ins.ids if only else [EVERYONE], handed_in, digest)
            # From here on the folder changes.
            settings.note(store)
            memory.note(store)
            store.note_handed_in(seen_from_anywhere(handed_in))
            if not only:
                store.keep_only(attempt.student.id for attempt in handed_in.counted)
            tally = grade_class(
                [one for one in handed_in.counted if {EVERYONE, one.student.id} & todo],
                grader,
                digest,
                store,
                archives,
                progress,
                arguments.batch.jobs or runner.threads,
                arguments.batch.jobs or 2 * runner.threads,
                _page_at_once(arguments, out, Results(handed_in, store, overrides), grader),
                anew=only,
                named=memory.named,
            )
            if only:
                judge_same_programs(handed_in, todo, grader, store)
            if runner.started:
                record(store, runner)
        # Ending the workers takes a while, so it is done while the pages are written.
        threading.Thread(target=runner.close, name="grader-ending").start()
        from grader.cli.finish import finish  # noqa: PLC0415 - see ``_warm_up``

        results = Results(handed_in, store, overrides)
        statistics = finish(arguments, out, results, grader, store, state)
    for path, error in tally.faults[:3]:
        complain_of_ourselves(error, path)
    if tally.ended["failed"]:
        return EXIT_INTERNAL
    # Not from the tally, in which a file that an earlier run could not read counts as kept.
    complete = statistics.readable == len(statistics.entries)
    return EXIT_PASSED if complete else EXIT_POINTS_LOST


def _warm_up(grader: Grader, *, pages: bool) -> None:
    """Prepare what most classes need later while the workers import PyTorch.

    Errors are suppressed: whatever fails here fails again where it is needed, and is reported.
    """
    if not grader.begun():
        return
    with suppress(Exception):
        grader.warm_up()
        import_module("grader.cli.finish")
        if pages:
            from grader.pages import in_advance  # noqa: PLC0415 - it takes long, as what it does

            in_advance.get_ready()


def _page_at_once(
    arguments: Arguments, out: Path, results: Results, grader: Grader
) -> Callable[[Attempt], None]:
    """Return a function that writes a student's page as soon as there is a result.

    It writes nothing if no folder is wanted. Errors are suppressed: the end writes every page that
    is missing, and reports them.
    """
    if arguments.batch.out is None:
        return lambda _attempt: None

    @cache
    def write() -> Callable[[Graded], object]:
        from grader.cli.finish import page_of_each  # noqa: PLC0415 - see ``_warm_up``

        return page_of_each(arguments, out, grader)

    def graded(attempt: Attempt) -> None:
        with suppress(Exception):
            write()(results.of(attempt))

    return graded


def _folder(wanted: str | None, stack: ExitStack) -> Path:
    """Return the folder to write to: the one that was named, or a temporary one."""
    if wanted is None:
        return stack.enter_context(temporary_folder())
    out = Path(wanted)
    shown = printable(wanted, 200)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise GraderError(f"{shown} is a file, and results need a folder", "-o graded") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise GraderError(f"cannot make the folder {shown}: {why}", "-o graded") from error
    return out


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


def _runner(scheduler: str | None, isolation: str) -> ClassRunner:
    """Return what runs the programs: this machine, or a cluster, which it connects to."""
    if scheduler is None:
        return LocalRunner(isolation)
    try:
        from grader.runners.dask.runner import ClusterRunner  # noqa: PLC0415 - takes Dask
    except ModuleNotFoundError as error:
        raise GraderError(
            f"--scheduler needs Dask: {error.name} is not installed here",
            "in the folder of the grader: pip install '.[cluster]'",
        ) from error
    return ClusterRunner(scheduler, PROBES, isolation)
