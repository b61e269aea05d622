"""Grades what one class handed in, of one assignment, with everything that is known beforehand."""

from __future__ import annotations

import sys
import threading
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.batch.anew import AnewStore, judge_same_programs
from grader.batch.beforehand import open_books
from grader.batch.begun import EVERYONE, begin
from grader.batch.hand_ins import seen_from_anywhere
from grader.batch.late_work import late_work
from grader.batch.replay import record
from grader.batch.results import Results
from grader.batch.run import grade_class
from grader.classroom.overrides import load_overrides
from grader.cli.console import complain_of_ourselves
from grader.errors import EXIT_INTERNAL, EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.reports.progress import ClassProgress
from grader.runners.local import PROBES, LocalRunner
from grader.temporary import temporary_folder
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack

    from grader.batch.hand_ins import HandIns
    from grader.batch.late_work import LateWork
    from grader.batch.run import Tally
    from grader.batch.settings import ClassSettings
    from grader.batch.store import Store
    from grader.classroom import Attempt, Graded
    from grader.classroom.statistics import ClassStatistics
    from grader.cli.given import Arguments
    from grader.cli.remembered import Remembered
    from grader.grading.grader import Grader
    from grader.intake import Archives
    from grader.runners.base import ClassRunner


@dataclass(frozen=True)
class ClassRun:
    """All that grading a class takes: ``memory`` is what its folder ``out`` shall keep.

    ``late`` is how late everyone is, where that was looked at already.
    ``begins`` is called when everything was checked, and the folder is about to change.
    """

    arguments: Arguments
    out: Path
    store: Store
    archives: Archives
    runner: ClassRunner
    settings: ClassSettings
    hand_ins: HandIns
    memory: Remembered
    begins: Callable[[], object] = lambda: None
    late: LateWork | None = None


@dataclass(frozen=True)
class ClassGraded:
    """What came of it; ``state`` is what the class was graded by."""

    results: Results
    grader: Grader
    tally: Tally
    state: Mapping[str, Any]


def grade_hand_ins(run: ClassRun, stack: ExitStack) -> ClassGraded:
    """Grade the hand-ins and keep their results; the runner ends with the ``stack``.

    Raises ``GraderError`` for what was asked for and cannot be had, before anything is graded.
    """
    arguments, store, runner, settings = run.arguments, run.store, run.runner, run.settings
    asked, hand_ins = arguments.batch, run.hand_ins
    handed_in = hand_ins.handed_in
    with redirect_stdout(sys.stderr), ClassProgress() as progress:
        only = bool(asked.only)
        answers = AnewStore(store) if only else store
        grader = stack.enter_context(settings.grader(answers, runner))
        open_books(asked.gradebooks, asked.column, grader.assignment, handed_in)
        warm = partial(_warm_up, grader, pages=asked.out is not None)
        threading.Thread(target=warm, name="grader-ahead", daemon=True).start()
        # Read before the work, so that a mistake in the file is reported at once.
        points = {check.id: check.points for check in grader.assignment.checks}
        overrides = load_overrides(run.out / "overrides.toml", points)
        late = run.late or late_work(run.out, grader.assignment, handed_in, asked.times)
        state = settings.facts(grader.assignment, grader.data, runner.machine)
        digest = settings.digest(grader.assignment, grader.data, runner.machine)
        todo = begin(store, hand_ins.ids if only else [EVERYONE], handed_in, digest)
        # From here on the folder changes.
        run.begins()
        settings.note(store)
        run.memory.note(store)
        store.note_handed_in(seen_from_anywhere(handed_in))
        if not only:
            store.keep_only(attempt.student.id for attempt in handed_in.counted)
        tally = grade_class(
            [one for one in handed_in.counted if {EVERYONE, one.student.id} & todo],
            grader,
            digest,
            store,
            run.archives,
            progress,
            asked.jobs or runner.threads,
            asked.jobs or 2 * runner.threads,
            _page_at_once(arguments, run.out, Results(handed_in, store, overrides, late), grader),
            anew=only,
            named=run.memory.named,
        )
        if only:
            judge_same_programs(handed_in, todo, grader, store)
        if runner.started:
            record(store, runner)
    return ClassGraded(Results(handed_in, store, overrides, late), grader, tally, state)


def ending(tally: Tally, statistics: ClassStatistics) -> int:
    """Return the exit status of a class, after telling what the grader itself failed at."""
    for path, error in tally.faults[:3]:
        complain_of_ourselves(error, path)
    if tally.ended["failed"]:
        return EXIT_INTERNAL
    # Not from the tally, in which a file that an earlier run could not read counts as kept.
    complete = statistics.readable == len(statistics.entries)
    return EXIT_PASSED if complete else EXIT_POINTS_LOST


def results_folder(wanted: str | None, stack: ExitStack) -> Path:
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


def class_runner(scheduler: str | None, isolation: str) -> ClassRunner:
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
