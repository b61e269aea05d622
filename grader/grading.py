"""Grades a notebook: read, observe, judge, name, report."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from grader.assignment import load_assignment
from grader.challenges.learns import held_back_labels
from grader.data import find_data
from grader.diagnosis import Catalogue, Named
from grader.errors import GraderError, InternalError
from grader.examine import Examiner, blamed, unusable
from grader.findings import finding
from grader.judges import learns
from grader.judges.remark import Remark
from grader.notebook.read import read_notebook
from grader.notes import notes
from grader.observing import Observation, Observer
from grader.report import CheckResult, Environment, Report, Status, SubmissionInfo
from grader.submission import Submission, open_submission, program_for
from grader.verdict import FATES, NOT_FILLED, Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from grader.assignment import Check
    from grader.notebook.program import Program

# A check that ended like this leaves nothing that a later one could use.
_BLOCKING = frozenset({Status.ERROR, Status.NOT_ATTEMPTED, *FATES.values()})
_RIGHT = frozenset({Status.PASSED, Status.PARTIAL})


def grade(path: str | os.PathLike[str], **options: Any) -> Report:
    """Grade one notebook; ``options`` are those of ``Grader``.

    Raises ``GraderError`` when the file cannot be graded, ``InternalError`` when the grader fails.
    """
    with Grader(**options) as grader:
        return grader.grade(path)


class Grader:
    """Grades any number of notebooks of one assignment with one seed; a context manager."""

    def __init__(  # noqa: PLR0913 - the command line's options, each with its default
        self,
        *,
        assignment: str | None = None,
        device: str = "auto",
        seed: int | None = None,
        isolation: str = "auto",
        timeout: float | None = None,
        data: str | None = None,
    ) -> None:
        """Start the workers and draw the challenges.

        ``seed`` is drawn when it is not given; ``timeout`` is the most seconds that one check may
        take. Raises ``GraderError`` for an unknown assignment or unreadable data.
        """
        self.assignment = load_assignment(assignment)
        self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        self.wanted_device = device
        self.isolation = isolation
        # The workers import torch while everything below goes on.
        self.observer = Observer(self.assignment, isolation=isolation, timeout=timeout)
        try:
            self.data = find_data(data, self.assignment.data)
            self.reference_notebook = read_notebook(self.assignment.reference)
            self.reference = open_submission(self.reference_notebook, self.assignment)
            self.observer.draw(self.data, self.seed, "cpu")
        except BaseException:
            self.observer.workers.close()
            raise
        self.catalogue = Catalogue(self.assignment, self.reference_notebook, self.observer)
        self.examiner = Examiner(self.assignment, self.observer, self.catalogue)
        self._reference_seen: dict[str, Observation] | None = None
        self._environment: Environment | None = None

    def __enter__(self) -> Grader:
        """Return the grader itself."""
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop the workers."""
        self.observer.workers.close()

    def grade(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade one notebook file.

        Raises ``NotebookError`` when it is none that can be graded, ``InternalError`` when the
        workers cannot be started.
        """
        notebook = read_notebook(path)
        submission = open_submission(notebook, self.assignment)
        progress("starting PyTorch")
        environment = self._prepared()
        progress("observing")
        verdicts = self._judged(submission, progress)
        progress("writing the report")
        checks = tuple(self._result(*verdicts[check.id], submission) for check in self.assignment.checks)
        return Report(
            assignment=self.assignment.id,
            title=self.assignment.title,
            submission=SubmissionInfo(path=os.fspath(path), sha256=notebook.sha256),
            environment=environment,
            score=round(sum(check.score for check in checks), 2),
            max_score=sum(check.max_score for check in checks),
            checks=checks,
            notes=tuple(notes(submission, self.reference, self.assignment)),
        )

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
                unprotected=self.observer.workers.unprotected,
            )
        return self._environment

    def _judged(
        self, submission: Submission, progress: Callable[[str], None]
    ) -> dict[str, tuple[Verdict, tuple[Named, ...]]]:
        """Return the verdict of every check, the checks that need others after those."""
        judged: dict[str, tuple[Verdict, tuple[Named, ...]]] = {}
        seen, reference = self._observed(submission)
        for check in self.assignment.checks:
            progress(f"judging {check.title}")
            settled = self._settled(submission, check, judged)
            if settled is not None:
                judged[check.id] = settled
            elif check.kind == "learns":
                judged[check.id] = self._learns(submission, check, judged)
            elif reference[check.id].trouble is not None:
                judged[check.id] = _internal(check, reference[check.id])
            else:
                examined = self.examiner.examine(
                    submission, check, seen[check.id], reference[check.id]
                )
                remarks = [named.remark for named in examined.named]
                if remarks and submission.untouched(check):
                    # Nothing there that could be named a mistake: it was never begun.
                    judged[check.id] = _not_attempted(check)
                    continue
                judged[check.id] = (
                    verdict(
                        check,
                        remarks,
                        unjudged=examined.unjudged,
                        seconds=seen[check.id].seconds,
                    ),
                    examined.named,
                )
        return judged

    def _observed(
        self, submission: Submission
    ) -> tuple[dict[str, Observation], dict[str, Observation]]:
        """Run all checks but the training, the reference's beside the submission's."""
        groups = [self._programs(submission)]
        if self._reference_seen is None:
            groups.append(self._programs(self.reference))
        groups = [group for group in groups if group]
        observed = self.observer.observe_many(groups)
        if self._reference_seen is None:
            self._reference_seen = observed[-1]
        return (observed[0] if self._programs(submission) else {}), self._reference_seen

    def _programs(self, submission: Submission) -> dict[str, tuple[Check, Program]]:
        programs = {}
        for check in self.assignment.checks:
            if check.kind == "learns":
                continue
            program = program_for(submission, check, self.assignment, submission.empty(check))
            if program is not None:
                programs[check.id] = (check, program)
        return programs

    def _settled(
        self,
        submission: Submission,
        check: Check,
        judged: dict[str, tuple[Verdict, tuple[Named, ...]]],
    ) -> tuple[Verdict, tuple[Named, ...]] | None:
        """Return the verdict of a check that needs no running, or that can't be run."""
        missing = submission.missing_parts(check)
        if missing:
            title = self.assignment.part(missing[0]).title
            remark = Remark("part_missing", facts={"title": title})
            return _only(check, [remark], Status.NOT_ATTEMPTED)
        idle = [name for name in check.parts if submission.parts[name].idle]
        if idle and check.kind != "learns":
            return _only(check, [Remark("never_called")], Status.FAILED)
        if submission.untouched(check) and check.kind != "step_order":
            return _not_attempted(check)
        needed = [judged[name][0] for name in check.needs if name in judged]
        right = [judged[name][0] for name in check.needs_right if name in judged]
        blocking = [v for v in needed if v.status in _BLOCKING]
        blocking += [v for v in needed if idle and set(v.check.parts) & set(idle)]
        blocking += [v for v in right if v.status not in _RIGHT]
        if blocking:
            return _follows(check, blocking)
        if program_for(submission, check, self.assignment, submission.empty(check)) is None:
            return _only(check, unusable(submission, check), Status.ERROR)
        return None

    def _learns(
        self,
        submission: Submission,
        check: Check,
        judged: dict[str, tuple[Verdict, tuple[Named, ...]]],
    ) -> tuple[Verdict, tuple[Named, ...]]:
        program = program_for(submission, check, self.assignment)
        assert program is not None
        observation = self.observer.observe({check.id: (check, program)})[check.id]
        if observation.trouble is not None:
            remarks = [observation.trouble]
        else:
            thresholds = check.options["thresholds"]
            remarks = learns.judge(
                observation.value,
                held_back_labels(self.data),
                thresholds.get(self.data.name, thresholds["custom"]),
                int(check.options.get("classes", 10)),
            )
            remarks = [blamed(remark, check, submission) for remark in remarks]
        earlier = [v for v, _ in judged.values() if v.check.id != check.id and v.check.parts]
        wrong = [v for v in earlier if v.status not in _RIGHT and set(v.check.parts) & set(check.parts)]
        if wrong and any(remark.error is not None for remark in remarks):
            # The same exception was shown where it belongs.
            return _follows(check, wrong)
        return (
            verdict(check, remarks, seconds=observation.seconds),
            tuple(Named(remark) for remark in remarks),
        )

    def _result(
        self, judged: Verdict, named: tuple[Named, ...], submission: Submission
    ) -> CheckResult:
        by_remark = {id(entry.remark): entry.mistake for entry in named}
        return CheckResult(
            id=judged.check.id,
            title=judged.check.title,
            status=judged.status,
            score=judged.score,
            max_score=judged.check.points,
            seconds=None if judged.seconds is None else round(judged.seconds, 3),
            findings=tuple(
                finding(remark, judged.check, submission, self.assignment, by_remark.get(id(remark)))
                for remark in judged.remarks
            ),
        )


def _only(
    check: Check, remarks: list[Remark], status: Status
) -> tuple[Verdict, tuple[Named, ...]]:
    return verdict(check, remarks, status=status), tuple(Named(remark) for remark in remarks)


def _not_attempted(check: Check) -> tuple[Verdict, tuple[Named, ...]]:
    remarks = [Remark(NOT_FILLED, blank=number) for number in check.blanks]
    return _only(check, remarks, Status.NOT_ATTEMPTED)


def _follows(check: Check, blocking: list[Verdict]) -> tuple[Verdict, tuple[Named, ...]]:
    """Return the verdict of a check that waits for others: it fails as they do, and says so."""
    attempted = [v for v in blocking if v.status is not Status.NOT_ATTEMPTED]
    titles = " and ".join(dict.fromkeys(v.check.title for v in blocking))
    internal = any(v.status is Status.INTERNAL_ERROR for v in blocking)
    status = Status.FAILED if attempted else Status.NOT_ATTEMPTED
    remark = Remark("follows", facts={"titles": titles})
    return _only(check, [remark], Status.INTERNAL_ERROR if internal else status)


def _internal(check: Check, reference: Observation) -> tuple[Verdict, tuple[Named, ...]]:
    """Return the verdict where the reference itself could not be observed."""
    assert reference.trouble is not None
    detail = f"the reference: {reference.trouble.code} {reference.trouble.facts.get('detail', '')}"
    return _only(check, [Remark("internal", facts={"detail": detail.strip()})], Status.INTERNAL_ERROR)


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
