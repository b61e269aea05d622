"""Sends programs to the workers and brings back what was observed."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from grader.checks import generator
from grader.checks.kinds import kind_of
from grader.checks.known_options import require_options
from grader.grading.fates import trouble_of
from grader.grading.missing import missing_in, without_missing
from grader.runners.answer_cache import Keeper
from grader.sandbox import Common, Job, Limits, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.data import DigitsData
    from grader.locate.program import Program
    from grader.runners.answer_cache import Shelf
    from grader.sandbox import Answer

Programs = Mapping[str, "tuple[Check, Program]"]


class Runner(Protocol):
    """Whatever runs jobs in processes of their own: this machine's workers, or a cluster's."""

    def ready(self) -> dict[str, Any]:
        """Wait until jobs can be run; return what the probes' ``warm_up`` returned."""

    def environment(self) -> str:
        """Return a sum over all that observations depend on beside program and challenge."""

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job; called from several threads."""

    @property
    def applied(self) -> Mapping[str, str]:
        """The layers that protect the machine, with their remarks."""

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What is not protected, a sentence each."""

    def close(self) -> None:
        """End everything."""


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


class Observer:
    """Runs programs on the challenges of one seed; safe to use from several threads once placed."""

    def __init__(
        self,
        assignment: Assignment,
        start: Callable[[], Runner],
        *,
        timeout: float | None,
        shelf: Shelf | None,
    ) -> None:
        """Start nothing yet; ``timeout`` replaces the rubric's seconds for every check."""
        self.assignment = assignment
        self.timeout = timeout
        self._begin = start
        self._runner: Runner | None = None
        self._keeper = Keeper(shelf)
        self._environment = ""
        self._digests: dict[str, str] = {}
        self._common: dict[tuple[str, ...], Common] = {}
        self.seed = 0
        self.challenges: dict[str, dict[str, Any]] = {}

    @property
    def runner(self) -> Runner:
        """What runs the programs; it begins to import torch when it is first asked for."""
        if self._runner is None:
            self._runner = self._begin()
        return self._runner

    @property
    def started(self) -> bool:
        """Whether the runner was ever asked for."""
        return self._runner is not None

    def start(self) -> None:
        """Let the runner warm up in the background."""
        _ = self.runner

    def close(self) -> None:
        """Stop the runner, if it was started."""
        if self._runner is not None:
            self._runner.close()

    def draw(self, data: DigitsData | None, seed: int, device: str) -> None:
        """Draw every check's challenge from a seed; the same seed gives the same numbers.

        They go to the worker, so no expected value and no held-back label is in them.
        """
        require_options(self.assignment)
        self.seed = seed
        self.challenges = {
            check.id: kind_of(check).draw(
                generator(seed, check.id), check, self.assignment, data, device
            )
            for check in self.assignment.checks
        }

    def place(self, device: str, environment: str) -> None:
        """Set the device to train on; ``environment`` names all else that observations depend on.

        Nothing can be observed before.
        """
        for challenge in self.challenges.values():
            if "device" in challenge:
                challenge["device"] = device
        self._environment = environment
        self._common.clear()
        self._digests = {
            name: hashlib.sha256(wire.encode(challenge)).hexdigest()
            for name, challenge in self.challenges.items()
        }

    def observe(
        self, programs: Programs, alone: str = "", along: Programs | None = None
    ) -> dict[str, Observation]:
        """Run several programs in one child, each under its own task name, in order.

        The same programs are run once. ``alone`` names who asks, if they shall have a run of
        their own. What is run ``along`` with them is likely to be asked for next: as it would be
        by itself, and without a child of its own.
        """
        if not programs:
            return {}
        job = self._job(programs)
        run = functools.partial(self.runner.run, job)
        if along:
            run = functools.partial(self._run_along, programs, along, alone)
        return self._read(programs, self._keeper.answers(self._key(job, alone), run))

    def _run_along(self, programs: Programs, along: Programs, alone: str) -> dict[str, Answer]:
        """Run programs, and with them what nobody has run; return the answers of the first."""
        key = self._key(self._job(along), alone)
        if self._keeper.knows(key) or not self._without_gpu(along):
            return self.runner.run(self._job(programs))
        job = replace(self._job({**programs, **along}), along=len(along))
        answers = self.runner.run(job)
        if all(task in answers for task in along):
            self._keeper.keep(key, {task: answers[task] for task in along})
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
        """Return the limit on a check's processor time, ``None`` for one that has none.

        Who sets a limit of their own means that one.
        """
        return None if self.timeout else check.processor_seconds

    def _key(self, job: Job, alone: str) -> str:
        """Return what names a job: everything that its answers can depend on."""
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
                task: {"kind": check.kind, "check": check.id, "program": program.to_plain()}
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
            # Only what trains there needs the GPU; everything else never sees it.
            cuda=not self._without_gpu(programs),
            common=self._challenges(used),
        )

    def _without_gpu(self, programs: Programs) -> bool:
        names = {check.id for check, _ in programs.values()}
        return all(self.challenges[name].get("device", "cpu") == "cpu" for name in names)

    def _challenges(self, used: tuple[str, ...]) -> Common:
        """Return the challenges of some checks, and of no others: one thing for all their jobs."""
        known = self._common.get(used)
        if known is None:
            chosen = Common({"challenges": {name: self.challenges[name] for name in used}})
            known = self._common.setdefault(used, chosen)
        return known

    def _read(self, programs: Programs, answers: Mapping[str, Answer]) -> dict[str, Observation]:
        return {
            task: Observation(
                program,
                without_missing(answers[task].value),
                answers[task].seconds,
                trouble_of(answers[task], self.seconds(check), self.processor_seconds(check)),
                missing_in(answers[task].value),
            )
            for task, (check, program) in programs.items()
        }
