"""Grades a whole class, into a folder that keeps it or for a summary alone."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
from contextlib import ExitStack, redirect_stdout, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import handed
from grader.batch.folder import open_store
from grader.batch.place import RunnerPool, here
from grader.batch.recognised import recognise_class
from grader.batch.replay import record
from grader.batch.results import Results
from grader.batch.run import grade_class
from grader.batch.settings import ClassSettings
from grader.classroom.overrides import load_overrides
from grader.cli.console import complain_of_ourselves
from grader.cli.early import STRANGERS
from grader.cli.extras import extras
from grader.errors import EXIT_INTERNAL, EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.intake import Archives, find_submissions
from grader.reports import json_report
from grader.reports.progress import ClassProgress
from grader.runners.early import EarlyStart
from grader.runners.local import PROBES
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.batch.store import Store
    from grader.classroom import Attempt, Graded, HandedIn
    from grader.cli.arguments import Arguments
    from grader.grading.grader import Grader
    from grader.grading.observe import Runner


# Young objects before the collector looks for cycles among them; Python's own 700 are soon there
# where syntax trees are built, which have none, and a tenth of the judging was spent on looking.
_YOUNG = 20_000


def run_batch(arguments: Arguments, started: Runner | None = None) -> int:
    """Grade every submission that is found, write what was asked for, print a summary.

    ``started`` is what runs programs on this machine, if it was started already.
    """
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    if arguments.json is not None:
        json_report.check_destination(arguments.json)
    if arguments.gradescope is not None:
        raise GraderError(
            "--gradescope writes the result of one notebook", "name that one notebook"
        )
    with extras(arguments), ExitStack() as stack:
        archives = stack.enter_context(Archives())
        roster = arguments.batch.roster
        handed_in = find_submissions(arguments.paths, roster=roster, archives=archives)
        out = _folder(arguments.batch.out, stack)
        store = stack.enter_context(open_store(out))
        isolation = arguments.isolation or STRANGERS
        with redirect_stdout(sys.stderr):
            place = _place(arguments.batch.scheduler, isolation, stack)
        early = EarlyStart(place.start if started is None else lambda: started)
        stack.callback(early.close)
        settings = _settings(arguments, isolation, store, handed_in, archives, early)
        with redirect_stdout(sys.stderr), ClassProgress() as progress:
            grader = stack.enter_context(settings.grader(store, early))
            ready = partial(_get_ready, early, grader, pages=arguments.batch.out is not None)
            threading.Thread(target=ready, name="grader-ahead", daemon=True).start()
            # Read before the work, not after it: a slip in it is to be told at once.
            points = {check.id: check.points for check in grader.assignment.checks}
            overrides = load_overrides(out / "overrides.toml", points)
            store.note("handed in", handed.to_text(handed_in))
            tally = grade_class(
                handed_in,
                grader,
                settings.sum(grader.assignment, grader.data, place.machine),
                store,
                archives,
                progress,
                arguments.batch.jobs or place.threads,
                arguments.batch.jobs or 2 * place.threads,
                _page_at_once(arguments, out, Results(handed_in, store, overrides), grader),
            )
            if grader.observer.started:
                record(store, grader.observer.runner)
        # While the pages are written; ending takes a while, and the interpreter waits for it.
        threading.Thread(target=early.close, name="grader-ending").start()
        from grader.cli.finish import finish  # noqa: PLC0415 - see ``_get_ready``

        statistics = finish(arguments, out, Results(handed_in, store, overrides), grader)
    for path, error in tally.faults[:3]:
        complain_of_ourselves(error, path)
    if tally.ended["failed"]:
        return EXIT_INTERNAL
    # Not the tally: what could not be read the last time is kept, and still not graded.
    complete = statistics.readable == len(statistics.entries)
    return EXIT_PASSED if complete else EXIT_POINTS_LOST


def _get_ready(early: EarlyStart, grader: Grader, *, pages: bool) -> None:
    """Do while PyTorch is imported what most classes need later.

    Nothing depends on it: what goes wrong here goes wrong again where it is needed, and is told.
    """
    if not early.begun():
        return
    with suppress(Exception):
        grader.get_ready()
        import_module("grader.cli.finish")
        if pages:
            from grader.pages import in_advance  # noqa: PLC0415 - it takes long, as what it does

            in_advance.get_ready()


def _page_at_once(
    arguments: Arguments, out: Path, results: Results, grader: Grader
) -> Callable[[Attempt], None]:
    """Return what writes a student's page as soon as there is a result, if pages are wanted.

    Whoever looks in meanwhile can read it, and the end has less to do: it sees to all pages once
    more, so what goes wrong here is told there.
    """
    if arguments.batch.out is None:
        return lambda _attempt: None

    @cache
    def write() -> Callable[[Graded], object]:
        from grader.cli.finish import page_of_each  # noqa: PLC0415 - see ``_get_ready``

        return page_of_each(arguments, out, grader)

    def graded(attempt: Attempt) -> None:
        with suppress(Exception):
            write()(results.of(attempt))

    return graded


def _folder(wanted: str | None, stack: ExitStack) -> Path:
    """Return the folder to write to: the one that was named, or one that is gone afterwards."""
    if wanted is None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-")))
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
    early: EarlyStart,
) -> ClassSettings:
    """Return what to grade by; a run that goes on keeps the seed and assignment it began with.

    A class of which nothing was graded yet has it started what runs programs, as soon as one of
    its notebooks is known to be one.
    """
    noted = store.fact("settings")
    begun = None if noted is None else ClassSettings.from_text(noted)
    seed = arguments.seed
    if seed is None:
        seed = int.from_bytes(os.urandom(4), "big") if begun is None else begun.seed
    assignment = arguments.assignment or (begun.assignment if begun else None)
    if assignment is None:
        found = recognise_class(handed_in, archives, early)
        assignment = found.id
        told = f"assignment: {found.title}, as {found.alike} of {found.seen} notebooks show"
        print(printable(told, 200), file=sys.stderr)  # noqa: T201 - stdout is for reports
    settings = ClassSettings(
        assignment=assignment,
        device=arguments.device,
        seed=seed,
        isolation=isolation,
        timeout=arguments.timeout,
        data=arguments.data,
        grouping=arguments.batch.grouping,
    )
    store.note("settings", settings.to_text())
    return settings


def _place(scheduler: str | None, isolation: str, stack: ExitStack) -> RunnerPool:
    """Return where programs are to run: here, or on a cluster that is let go of in the end."""
    if scheduler is None:
        return here(isolation)
    try:
        from grader.runners.dask.runner import ClusterRunner  # noqa: PLC0415 - takes Dask
    except ModuleNotFoundError as error:
        raise GraderError(
            f"--scheduler needs Dask: {error.name} is not installed here",
            "pip install 'grader[cluster]'",
        ) from error
    runner = ClusterRunner(scheduler, PROBES, isolation)
    stack.callback(runner.close)
    return RunnerPool(runner.machine, runner.threads, lambda: runner)
