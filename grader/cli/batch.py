"""Grades a whole class, into a folder that keeps it or for a summary alone."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
from contextlib import ExitStack, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import handed
from grader.batch.place import Place, here
from grader.batch.recognised import recognise_class
from grader.batch.replay import record
from grader.batch.results import Results
from grader.batch.run import grade_class
from grader.batch.settings import Settings
from grader.batch.store import Store
from grader.classroom.overrides import load_overrides
from grader.cli.complaints import complain_of_ourselves
from grader.cli.extras import extras
from grader.cli.finish import finish
from grader.engine.local import PROBES
from grader.errors import EXIT_INTERNAL, EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.intake import Archives, find_submissions
from grader.notebook.printable import printable
from grader.pages import in_advance
from grader.reports import json_report
from grader.reports.class_progress import ClassProgress

if TYPE_CHECKING:
    from grader.classroom import HandedIn
    from grader.cli.arguments import Arguments
    from grader.engine.observing import Runner
    from grader.grading import Grader


# Young objects before the collector looks for cycles among them; Python's own 700 are soon there
# where syntax trees are built, which have none, and a tenth of the judging was spent on looking.
_YOUNG = 20_000


def run_batch(arguments: Arguments) -> int:
    """Grade every submission that is found, write what was asked for, print a summary."""
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
        store = stack.enter_context(Store(out / "grades.db"))
        settings = _settings(arguments, store, handed_in, archives)
        with redirect_stdout(sys.stderr), ClassProgress() as progress:
            place = _place(arguments.batch.scheduler, settings, stack)

            def start() -> Runner:
                """Start what runs programs, and what can be done while it imports PyTorch."""
                runner = place.start()
                ready = partial(_get_ready, grader, pages=arguments.batch.out is not None)
                threading.Thread(target=ready, name="grader-ahead", daemon=True).start()
                return runner

            grader = stack.enter_context(settings.grader(store, start))
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
            )
            if grader.observer.started:
                record(store, grader.observer.runner)
        statistics = finish(arguments, out, Results(handed_in, store, overrides), grader)
    for path, error in tally.faults[:3]:
        complain_of_ourselves(error, path)
    if tally.ended["failed"]:
        return EXIT_INTERNAL
    # Not the tally: what could not be read the last time is kept, and still not graded.
    complete = statistics.readable == len(statistics.entries)
    return EXIT_PASSED if complete else EXIT_POINTS_LOST


def _get_ready(grader: Grader, *, pages: bool) -> None:
    """Do in advance what most classes need; nothing depends on it."""
    grader.get_ready()
    if pages:
        in_advance.get_ready()


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
    arguments: Arguments, store: Store, handed_in: HandedIn, archives: Archives
) -> Settings:
    """Return what to grade by; a run that goes on keeps the seed and assignment it began with."""
    noted = store.fact("settings")
    begun = None if noted is None else Settings.from_text(noted)
    seed = arguments.seed
    if seed is None:
        seed = int.from_bytes(os.urandom(4), "big") if begun is None else begun.seed
    assignment = arguments.assignment or (begun.assignment if begun else None)
    if assignment is None:
        found = recognise_class(handed_in, archives)
        assignment = found.id
        told = f"assignment: {found.title}, as {found.alike} of {found.seen} notebooks show"
        print(printable(told, 200), file=sys.stderr)  # noqa: T201 - stdout is for reports
    settings = Settings(
        assignment=assignment,
        device=arguments.device,
        seed=seed,
        # Strangers' code by the hundred: what this machine can't stop should not run unasked.
        isolation=arguments.isolation or "strict",
        timeout=arguments.timeout,
        data=arguments.data,
        grouping=arguments.batch.grouping,
    )
    store.note("settings", settings.to_text())
    return settings


def _place(scheduler: str | None, settings: Settings, stack: ExitStack) -> Place:
    """Return where programs are to run: here, or on a cluster that is let go of in the end."""
    if scheduler is None:
        return here(settings.isolation)
    try:
        from grader.batch.cluster import ClusterRunner  # noqa: PLC0415 - takes Dask
    except ModuleNotFoundError as error:
        raise GraderError(
            f"--scheduler needs Dask: {error.name} is not installed here",
            "pip install 'grader[cluster]'",
        ) from error
    runner = ClusterRunner(scheduler, PROBES, settings.isolation)
    stack.callback(runner.close)
    return Place(runner.machine, runner.threads, lambda: runner)
