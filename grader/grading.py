"""Grades a notebook: read, observe, judge, name, report."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.assignment import load_assignment
from grader.data import find_data
from grader.engine.diagnosis import Catalogue, Named
from grader.engine.findings import finding
from grader.engine.judging import Judge
from grader.engine.notes import notes
from grader.engine.observing import Observer
from grader.engine.submission import Submission, open_submission
from grader.errors import GraderError, InternalError
from grader.notebook.read import read_notebook
from grader.report import CheckResult, Environment, Report, SubmissionInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from grader.engine.verdict import Verdict
    from grader.notebook.read import Notebook


def grade(path: str | os.PathLike[str], **options: Any) -> Report:
    """Grade one notebook; ``options`` are those of ``Grader``.

    Raises ``GraderError`` when the file cannot be graded, ``InternalError`` when the grader fails.
    """
    with Grader(**options) as grader:
        return grader.grade(path)


class Grader:
    """Grades any number of notebooks of one assignment with one seed; a context manager."""

    def __init__(
        self,
        *,
        assignment: str | None = None,
        device: str = "auto",
        seed: int | None = None,
        isolation: str = "auto",
        timeout: float | None = None,
        data: str | None = None,
    ) -> None:
        """Read the assignment and its data; the workers start with the first notebook.

        ``seed`` is drawn when it is not given; ``timeout`` is the most seconds that one check may
        take. Raises ``GraderError`` for an unknown assignment or unreadable data.
        """
        self.assignment = load_assignment(assignment)
        self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        self.wanted_device = device
        self.isolation = isolation
        self.data = find_data(data, self.assignment.data)
        self.observer = Observer(self.assignment, isolation=isolation, timeout=timeout)
        self._environment: Environment | None = None

    @cached_property
    def judge(self) -> Judge:
        """The engine: the reference taken apart, and the challenges of this grader's seed."""
        notebook = read_notebook(self.assignment.reference)
        reference = open_submission(notebook, self.assignment)
        self.observer.draw(self.data, self.seed, "cpu")
        catalogue = Catalogue(self.assignment, notebook, self.observer)
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
        self.observer.close()

    def grade(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade one notebook file.

        Raises ``NotebookError`` when it is none that can be graded, ``InternalError`` when the
        workers cannot be started.
        """
        # A file that is no notebook never costs the import of torch.
        return self.grade_notebook(read_notebook(path), path, progress)

    def grade_notebook(
        self,
        notebook: Notebook,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade a notebook that was read already; ``path`` only names it.

        Raises ``InternalError`` when the workers cannot be started.
        """
        # The workers import torch while the rest is read and drawn.
        self.observer.start()
        submission = open_submission(notebook, self.assignment)
        checks = tuple(self._results(submission, progress))
        return Report(
            assignment=self.assignment.id,
            title=self.assignment.title,
            submission=SubmissionInfo(path=os.fspath(path), sha256=notebook.sha256),
            environment=self._prepared(),
            score=round(sum(check.score for check in checks), 2),
            max_score=sum(check.max_score for check in checks),
            checks=checks,
            notes=tuple(notes(submission, self.judge.reference, self.assignment)),
        )

    def results(self, notebook: Notebook) -> Iterator[CheckResult]:
        """Yield the result of each check as soon as it is known; what is not asked for isn't run.

        Raises ``InternalError`` when the workers cannot be started.
        """
        self.observer.start()
        yield from self._results(open_submission(notebook, self.assignment), lambda _text: None)

    def _results(
        self, submission: Submission, progress: Callable[[str], None]
    ) -> Iterator[CheckResult]:
        judge = self.judge
        progress("starting PyTorch")
        self._prepared()
        progress("observing")
        for judged, named in judge.judge(submission, progress):
            yield self._result(judged, named, submission)
        progress("writing the report")

    def _prepared(self) -> Environment:
        """Wait for the workers once, and settle the device with what they found."""
        if self._environment is None:
            ready = self.observer.workers.ready()
            device = _device(self.wanted_device, int(ready["cuda_devices"]))
            self.observer.place(device)
            self._environment = Environment(
                python=str(ready["python"]),
                torch=str(ready["torch"]),
                device=device,
                threads=int(ready["threads"]),
                seed=self.seed,
                dataset=self.data.name,
                isolation=self.isolation,
                layers=tuple(self.observer.workers.applied),
                unprotected=self.observer.workers.unprotected,
            )
        return self._environment

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
