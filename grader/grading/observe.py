"""Sends programs to the runner and brings back what was observed."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.checks import generator
from grader.checks.kind import KEPT
from grader.checks.kinds import kind_of
from grader.checks.remark import Remark
from grader.errors import GraderError
from grader.grading.missing import missing_in, without_missing
from grader.quoting import legible
from grader.report import Severity
from grader.sandbox import Fate, Job, Limits, SharedInput, wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData
    from grader.locate.program import Program
    from grader.runners.answer_cache import AnswerCache
    from grader.runners.base import Runner
    from grader.sandbox import Answer

Programs = Mapping[str, "tuple[Check, Program]"]
Challenges = dict[str, dict[str, Any]]

# The code of the remark on a task that did not answer.
_CODES = {
    Fate.TIMEOUT: "timeout",
    Fate.CRASHED: "crashed",
    Fate.OUT_OF_MEMORY: "killed_memory",
    Fate.GARBLED: "garbled",
    Fate.INTERNAL_ERROR: "internal",
}


@dataclass(frozen=True)
class Observation:
    """What one check of one program gave: a value, or the remark that says why there is none.

    ``missing`` are the modules that the program imports and that were not installed there.
    """

    program: Program
    value: Any
    seconds: float | None
    trouble: Remark | None = None
    missing: tuple[str, ...] = ()


def draw_challenges(assignment: Assignment, data: DigitsData | None, seed: int) -> Challenges:
    """Draw every check's challenge, to be run on the CPU; the same seed gives the same numbers.

    They go to the worker but for what is ``KEPT``, so no expected value is in them.
    """
    return {
        check.id: kind_of(check).draw(generator(seed, check.id), check, assignment, data, "cpu")
        for check in assignment.checks
    }


def on_device(challenges: Challenges, device: str) -> Challenges:
    """Return the challenges with the device to train on, for those that train."""
    return {
        name: {**challenge, "device": device} if "device" in challenge else challenge
        for name, challenge in challenges.items()
    }


def choose_device(wanted: str, cuda_devices: int) -> str:
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


class Observer:
    """Runs programs on the challenges of one seed; safe to use from several threads."""

    def __init__(
        self,
        runner: Runner,
        challenges: Challenges,
        *,
        seed: int,
        timeout: float | None,
        cache: AnswerCache,
    ) -> None:
        """Wait until the runner is ready.

        ``challenges`` are those of ``seed``, by check. ``timeout`` replaces the rubric's seconds
        for every check. The same program is run once for as long as ``cache`` has its answers.
        """
        self.runner = runner
        self.challenges = dict(challenges)
        self.seed = seed
        self.timeout = timeout
        self._cache = cache
        self._environment = runner.environment()
        self._digests = {name: _digest(challenge) for name, challenge in challenges.items()}
        self._common: dict[tuple[str, ...], SharedInput] = {}

    def add(self, name: str, challenge: dict[str, Any]) -> None:
        """Add a challenge of the same seed under a name of its own; again, it changes nothing."""
        self._digests.setdefault(name, _digest(challenge))
        self.challenges.setdefault(name, challenge)

    def observe(
        self, programs: Programs, alone: str = "", along: Programs | None = None
    ) -> dict[str, Observation]:
        """Run several programs in one child, each under its own task name, in order.

        The same programs are run once, unless ``alone`` names the submission that shall have a
        run of its own. The programs ``along`` are likely to be asked for next: they run in the
        same child after the others, which saves a child of their own.
        """
        if not programs:
            return {}
        job = self._job(programs)
        run = functools.partial(self.runner.run, job)
        if along:
            run = functools.partial(self._run_along, programs, along, alone)
        return self._read(programs, self._cache.get(self._key(job, alone), run))

    def _run_along(self, programs: Programs, along: Programs, alone: str) -> dict[str, Answer]:
        """Run programs, and with them those ``along`` that are new; return the first's answers."""
        key = self._key(self._job(along), alone)
        if self._cache.has(key) or not self._without_gpu(along):
            return self.runner.run(self._job(programs))
        job = replace(self._job({**programs, **along}), optional=len(along))
        answers = self.runner.run(job)
        if all(task in answers for task in along):
            self._cache.put(key, {task: answers[task] for task in along})
        return {task: answers[task] for task in programs}

    def observe_many(self, groups: Iterable[Programs]) -> list[dict[str, Observation]]:
        """Run each group of programs in a child of its own, several at once."""
        groups = [group for group in groups if group]
        with ThreadPoolExecutor(max(len(groups), 1), "grader-observe") as pool:
            return list(pool.map(self.observe, groups))

    def seconds(self, check: Check) -> float:
        """Return the wall-clock limit of a check."""
        return self.timeout or check.seconds

    def processor_seconds(self, check: Check) -> float | None:
        """Return the limit on a check's processor time, ``None`` for none.

        A ``timeout`` replaces this limit too.
        """
        return None if self.timeout else check.processor_seconds

    def _key(self, job: Job, alone: str) -> str:
        """Return a digest of everything that a job's answers can depend on."""
        payload, limits = job.request, job.limits
        parts = {
            "environment": self._environment,
            "seed": payload["seed"],
            "challenges": {name: self._digests[name] for name in payload["challenges"]},
            "tasks": [[task, payload["tasks"][task]] for task in job.tasks],
            "limits": dataclasses.asdict(limits),
            "cuda": job.cuda,
            "alone": alone,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _job(self, programs: Programs) -> Job:
        used = tuple(sorted({check.id for check, _ in programs.values()}))
        payload = {
            "seed": self.seed,
            "tasks": {
                task: {**check.sent, "check": check.id, "program": program.to_plain()}
                for task, (check, program) in programs.items()
            },
        }
        seconds = {task: self.seconds(check) for task, (check, _) in programs.items()}
        processor = {task: self.processor_seconds(check) for task, (check, _) in programs.items()}
        given = {task: limit for task, limit in processor.items() if limit is not None}
        return Job(
            payload=payload,
            tasks=tuple(programs),
            limits=Limits(task_seconds=seconds, task_cpu_seconds=given),
            # A job that does not train on the GPU does not see it.
            cuda=not self._without_gpu(programs),
            shared=self._challenges(used),
        )

    def _without_gpu(self, programs: Programs) -> bool:
        names = {check.id for check, _ in programs.values()}
        return all(self.challenges[name].get("device", "cpu") == "cpu" for name in names)

    def _challenges(self, used: tuple[str, ...]) -> SharedInput:
        """Return the challenges of some checks, as one object that all their jobs share."""
        known = self._common.get(used)
        if known is None:
            sent = {name: _sent(self.challenges[name]) for name in used}
            chosen = SharedInput({"challenges": sent})
            known = self._common.setdefault(used, chosen)
        return known

    def _read(self, programs: Programs, answers: Mapping[str, Answer]) -> dict[str, Observation]:
        return {
            task: Observation(
                program,
                legible(without_missing(answers[task].value)),
                answers[task].seconds,
                _trouble(answers[task], self.seconds(check), self.processor_seconds(check)),
                missing_in(answers[task].value),
            )
            for task, (check, program) in programs.items()
        }


def _sent(challenge: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a worker gets of a challenge."""
    return {key: value for key, value in challenge.items() if key != KEPT}


def _digest(challenge: Mapping[str, Any]) -> str:
    return hashlib.sha256(wire.encode(_sent(challenge))).hexdigest()


def _trouble(answer: Answer, limit: float, processor: float | None) -> Remark | None:
    """Return why there is no answer, ``None`` where there is one.

    ``limit`` and ``processor`` are the task's limits in seconds, by the clock and of a processor.
    """
    if answer.fate is Fate.ANSWERED:
        return None
    computed = processor is not None and "processor time" in answer.detail
    took = f"{processor:g} seconds of computing" if computed else f"{limit:g} seconds"
    facts = {"took": took, "detail": answer.detail}
    return Remark(_CODES[answer.fate], Severity.ERROR, facts=facts)
