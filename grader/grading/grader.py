"""Grades notebooks of one assignment: read, observe, judge, name, report."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.assignment import Assignment, load_assignment
from grader.data import find_data
from grader.grading.findings import finding, said_once
from grader.grading.judge import Judge
from grader.grading.known_options import require_options
from grader.grading.notes import notes
from grader.grading.observe import Observer, choose_device, draw_challenges, on_device
from grader.grading.solved import SolvedNotebook
from grader.grading.submission import Submission, open_submission
from grader.notebook.read import read_notebook
from grader.options import named_options
from grader.report import CheckResult, Environment, Report, SubmissionInfo
from grader.runners.answer_cache import AnswerCache
from grader.runners.local import LocalRunner
from grader.sandbox.newer_python import require_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

    from grader.grading.verdict import Verdict
    from grader.notebook.read import Notebook
    from grader.runners.answer_cache import AnswerStore
    from grader.runners.base import Runner


class Grader:
    """Grades any number of notebooks of one assignment with one seed; a context manager.

    ``grade`` may be called from several threads, which is how several are graded at a time.
    """

    @named_options
    def __init__(
        self,
        assignment: Assignment | str | os.PathLike[str],
        *,
        device: str = "auto",
        seed: int | None = None,
        isolation: str = "auto",
        timeout: float | None = None,
        data: str | None = None,
        python: str | None = None,
        grouping: bool = True,
        store: AnswerStore | None = None,
        runner: Runner | None = None,
    ) -> None:
        """Read the data that the assignment trains on; the workers start with the first notebook.

        ``assignment`` is a loaded one, a name under ``reference/`` or the path of a folder.
        ``seed`` is drawn when it is not given; ``timeout`` is the most seconds that one check may
        take; ``data`` is the folder to train on in place of the assignment's; ``python`` is asked
        about text that only a newer Python may read. Notebooks of the same code share one run,
        unless ``grouping`` is off. ``store`` keeps the workers' answers; ``runner`` replaces this
        machine's workers under ``isolation``, and is closed with the grader. Raises
        ``GraderError`` for an unknown assignment, unreadable data and a wrong option.
        """
        if not isinstance(assignment, Assignment):
            assignment = load_assignment(os.fspath(assignment))
        require_options(assignment)
        self.assignment = assignment
        self.data = find_data(data, assignment.data)
        self.python = require_python(python)
        self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        self.wanted_device = device
        self.isolation = isolation
        self.grouping = grouping
        self.timeout = timeout
        self.runner: Runner = LocalRunner(isolation) if runner is None else runner
        self._cache = AnswerCache(store)
        self._opening = threading.Lock()
        self._solved: SolvedNotebook | None = None
        self._preparing = threading.Lock()
        self._prepared: tuple[Judge, Environment] | None = None
        self._begun = threading.Event()
        self._closed = False

    @property
    def dataset(self) -> str | None:
        """The name of the data that the assignment's checks train on, if they do."""
        return self.data.name if self.data is not None else None

    @property
    def observer(self) -> Observer:
        """What runs programs; starts the workers."""
        return self.prepare()[0].observer

    @property
    def solved(self) -> SolvedNotebook:
        """The assignment's solved notebook, taken apart when it is first asked for."""
        with self._opening:
            if self._solved is None:
                self._solved = SolvedNotebook(self.assignment)
            return self._solved

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop the workers; programs that still run raise ``InternalError``."""
        self._closed = True
        self._begun.set()
        self.runner.close()

    def grade(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade one notebook file as one of this assignment.

        Raises ``NotebookError`` when it is none that can be graded, ``InternalError`` when the
        workers cannot be started.
        """
        return self.grade_notebook(read_notebook(path), os.fspath(path), progress)

    def grade_notebook(
        self,
        notebook: Notebook,
        path: str,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade a notebook that was read already; ``path`` is what the report calls it.

        Raises ``InternalError`` when the workers cannot be started.
        """
        # The workers import PyTorch while the notebook is taken apart.
        self.start()
        return self.grade_submission(open_submission(notebook, self.assignment), path, progress)

    def grade_submission(
        self,
        submission: Submission,
        path: str,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade a notebook that was taken apart already; raises what ``grade_notebook`` does."""
        if not self.grouping:
            submission = replace(submission, alone=path)
        progress("starting PyTorch")
        judge, environment = self.prepare()
        progress("observing")
        checks = tuple(
            self._result(judged, submission) for judged in judge.judge(submission, progress)
        )
        progress("writing the report")
        return Report(
            assignment=self.assignment.id,
            title=self.assignment.title,
            submission=SubmissionInfo(path=path, sha256=submission.notebook.sha256),
            environment=environment,
            score=round(sum(check.score for check in checks), 2),
            max_score=sum(check.max_score for check in checks),
            checks=checks,
            notes=tuple(notes(submission, judge.given, self.assignment)),
        )

    def results(self, notebook: Notebook) -> Iterator[CheckResult]:
        """Yield the result of each check as soon as it is known; run only what is asked for.

        Raises ``InternalError`` when the workers cannot be started.
        """
        self.start()
        submission = open_submission(notebook, self.assignment)
        judge, _ = self.prepare()
        for judged in judge.judge(submission, lambda _text: None, whole=False):
            yield self._result(judged, submission)

    def start(self) -> None:
        """Let the workers begin to import PyTorch in the background."""
        self.runner.start()
        self._begun.set()

    def begun(self) -> bool:
        """Wait until the workers were started or the grader closed; say whether the first."""
        self._begun.wait()
        return not self._closed

    def warm_up(self) -> None:
        """Take the listed mistakes apart, which most classes need, while the workers start."""
        self.solved.warm_up()

    def observe_own_programs(self) -> None:
        """Run the solved notebook and every listed mistake, as far as they have not been run."""
        self.prepare()[0].observe_own_programs()

    def prepare(self) -> tuple[Judge, Environment]:
        """Return the judge and what reports say of this machine; at first, wait for the workers.

        Raises ``GraderError`` for a device that this machine does not have.
        """
        with self._preparing:
            if self._prepared is None:
                self._prepared = self._prepare()
            return self._prepared

    def _prepare(self) -> tuple[Judge, Environment]:
        self.start()
        # Both are done while the workers import PyTorch.
        solved, challenges = self.solved, draw_challenges(self.assignment, self.data, self.seed)
        ready = self.runner.ready()
        device = choose_device(self.wanted_device, int(ready["cuda_devices"]))
        environment = Environment(
            python=str(ready["python"]),
            torch=str(ready["torch"]),
            device=device,
            threads=int(ready["threads"]),
            seed=self.seed,
            dataset=self.dataset,
            isolation=self.isolation,
            layers=tuple(self.runner.applied),
            unprotected=self.runner.unprotected,
        )
        observer = Observer(
            self.runner,
            on_device(challenges, device),
            seed=self.seed,
            timeout=self.timeout,
            cache=self._cache,
        )
        return Judge(solved, self.data, observer, self.python), environment

    def _result(self, judged: Verdict, submission: Submission) -> CheckResult:
        return CheckResult(
            id=judged.check.id,
            title=judged.check.title,
            status=judged.status,
            score=judged.score,
            max_score=judged.check.points,
            seconds=None if judged.seconds is None else round(judged.seconds, 3),
            findings=said_once(
                finding(remark, judged.check, submission, self.assignment)
                for remark in judged.remarks
            ),
        )
