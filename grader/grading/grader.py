"""Grades a notebook: read, observe, judge, name, report."""

from __future__ import annotations

import functools
import os
import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError, InternalError
from grader.grading.catalogue import Catalogue, Named
from grader.grading.findings import finding
from grader.grading.judge import Judge
from grader.grading.notes import notes
from grader.grading.observe import Observer
from grader.grading.settling import Settling
from grader.grading.submission import Submission, open_submission
from grader.notebook.read import read_notebook
from grader.report import CheckResult, Environment, Report, SubmissionInfo
from grader.runners.local import LocalRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from grader.assignment import Assignment
    from grader.data import DigitsData
    from grader.grading.observe import Runner
    from grader.grading.verdict import Verdict
    from grader.notebook.read import Notebook
    from grader.runners.answer_cache import Shelf


def grade(path: str | os.PathLike[str], **options: Any) -> Report:
    """Grade one notebook; ``options`` are those of ``Grader``.

    Raises ``GraderError`` when the file cannot be graded, ``InternalError`` when the grader fails.
    """
    with Grader(**options) as grader:
        return grader.grade(path)


class Grader:
    """Grades any number of notebooks of one assignment with one seed; a context manager.

    ``grade`` may be called from several threads, which is how several are graded at a time.
    """

    def __init__(
        self,
        *,
        assignment: str | None = None,
        device: str = "auto",
        seed: int | None = None,
        isolation: str = "auto",
        timeout: float | None = None,
        data: str | None = None,
        grouping: bool = True,
        shelf: Shelf | None = None,
        start: Callable[[], Runner] | None = None,
    ) -> None:
        """Read the assignment and its data; the workers start with the first notebook.

        Without ``assignment`` the first notebook decides: see ``settle``. ``seed`` is drawn when
        it is not given; ``timeout`` is the most seconds that one check may take. Notebooks whose
        code is the same share one run, unless ``grouping`` is off. ``shelf`` keeps what was
        observed, ``start`` starts something else than this machine's workers. Raises
        ``GraderError`` for an unknown assignment or unreadable data.
        """
        self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        self.wanted_device = device
        self.isolation = isolation
        self.grouping = grouping
        self.timeout = timeout
        observer = functools.partial(
            Observer,
            start=start or functools.partial(LocalRunner, isolation),
            timeout=timeout,
            shelf=shelf,
        )
        self._settling = Settling(assignment, data, observer)
        self._preparing = threading.Lock()
        self._opening = threading.Lock()
        self._environment: Environment | None = None

    @property
    def assignment(self) -> Assignment:
        """The assignment that is graded; raises ``GraderError`` while that is open."""
        return self._settling.known.assignment

    @property
    def data(self) -> DigitsData | None:
        """What the assignment's checks train on, if they do."""
        return self._settling.known.data

    @property
    def dataset(self) -> str | None:
        """The name of the data."""
        return self.data.name if self.data is not None else None

    @property
    def observer(self) -> Observer:
        """What runs programs and brings back what was observed."""
        return self._settling.known.observer

    def settle(self, notebook: Notebook) -> None:
        """Recognise the assignment by the first notebook; refuse later ones of another.

        Where an assignment was named, it is taken at its word. Raises ``NotebookError`` for a
        notebook of which it is not clear what it belongs to, or that belongs to another.
        """
        self._settling.by(notebook)

    @property
    def judge(self) -> Judge:
        """The engine: the reference taken apart, and the challenges of this grader's seed."""
        with self._opening:
            return self._judge

    @cached_property
    def _judge(self) -> Judge:
        notebook = read_notebook(self.assignment.reference)
        reference = open_submission(notebook, self.assignment)
        self.observer.draw(self.data, self.seed, "cpu")
        catalogue = Catalogue(self.assignment, reference, self.observer)
        return Judge(self.assignment, reference, self.data, self.observer, catalogue)

    def __enter__(self) -> Self:
        """Return the grader itself."""
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop the workers."""
        self._settling.close()

    def grade(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade one notebook file.

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

        Raises ``NotebookError`` where ``settle`` does, ``InternalError`` when the workers cannot
        be started.
        """
        self.settle(notebook)
        # A file that is no notebook never costs the import of torch; from here on the workers
        # import it while the rest is read and drawn.
        self.start()
        return self.grade_submission(open_submission(notebook, self.assignment), path, progress)

    def grade_submission(
        self,
        submission: Submission,
        path: str,
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade a notebook that was taken apart already, as one of the settled assignment.

        Raises ``InternalError`` when the workers cannot be started.
        """
        if not self.grouping:
            submission = replace(submission, alone=path)
        progress("starting PyTorch")
        judge, environment = self.prepare()
        progress("observing")
        checks = tuple(
            self._result(judged, named, submission)
            for judged, named in judge.judge(submission, progress)
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
        """Yield the result of each check as soon as it is known; what is not asked for isn't run.

        Raises ``InternalError`` when the workers cannot be started.
        """
        self.start()
        submission = open_submission(notebook, self.assignment)
        judge, _ = self.prepare()
        for judged, named in judge.judge(submission, lambda _text: None, whole=False):
            yield self._result(judged, named, submission)

    def start(self) -> None:
        """Let the workers begin to import torch in the background."""
        with self._preparing:
            self.observer.start()

    def get_ready(self) -> None:
        """Take the listed mistakes apart before the first is asked for: there may be time now."""
        self.judge.examiner.catalogue.behaviours.get_ready()

    def prepare(self) -> tuple[Judge, Environment]:
        """Return the engine; the first time, wait for the workers and settle the device."""
        with self._preparing:
            judge = self.judge
            if self._environment is None:
                runner = self.observer.runner
                ready = runner.ready()
                device = _device(self.wanted_device, int(ready["cuda_devices"]))
                self._environment = Environment(
                    python=str(ready["python"]),
                    torch=str(ready["torch"]),
                    device=device,
                    threads=int(ready["threads"]),
                    seed=self.seed,
                    dataset=self.dataset,
                    isolation=self.isolation,
                    layers=tuple(runner.applied),
                    unprotected=runner.unprotected,
                )
                self.observer.place(device, runner.environment())
            return judge, self._environment

    def _result(
        self, judged: Verdict, named: tuple[Named, ...], submission: Submission
    ) -> CheckResult:
        by_remark = {id(entry.remark): entry for entry in named}
        return CheckResult(
            id=judged.check.id,
            title=judged.check.title,
            status=judged.status,
            score=judged.score,
            max_score=judged.check.points,
            seconds=None if judged.seconds is None else round(judged.seconds, 3),
            findings=tuple(
                finding(by_remark[id(remark)], judged.check, submission, self.assignment)
                for remark in judged.remarks
            ),
        )


def _device(wanted: str, cuda_devices: int) -> str:
    """Return the device to train on; raises ``GraderError`` for one that isn't there."""
    if wanted == "auto":
        return "cuda" if cuda_devices else "cpu"
    if wanted.startswith("cuda"):
        index = int(wanted.partition(":")[2] or 0)
        if index >= cuda_devices:
            raise GraderError(
                f"there is no device {wanted} here: {cuda_devices} CUDA devices were found",
                "use --device cpu, or --device auto to take a GPU where there is one",
            )
    return wanted


__all__ = ["Grader", "GraderError", "InternalError", "grade"]
