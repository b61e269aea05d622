"""Sends programs to the workers and brings back what was observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.challenges import draw_challenge
from grader.judges.remark import Remark
from grader.report import Severity
from grader.sandbox import Fate, Job, Limits, Workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData
    from grader.notebook.program import Program
    from grader.sandbox import Answer

ENTRY = "grader.probes"


@dataclass(frozen=True)
class Observation:
    """What one check of one program gave: a value, or the remark that says why there is none."""

    program: Program
    value: Any
    seconds: float | None
    trouble: Remark | None = None


class Observer:
    """Runs programs on the challenges of one seed."""

    def __init__(self, assignment: Assignment, *, isolation: str, timeout: float | None) -> None:
        """Start nothing yet; ``timeout`` replaces the rubric's seconds for every check."""
        self.assignment = assignment
        self.isolation = isolation
        self.timeout = timeout
        self._workers: Workers | None = None
        self.seed = 0
        self.challenges: dict[str, dict[str, Any]] = {}

    @property
    def workers(self) -> Workers:
        """The workers; they begin to import torch when they are first asked for."""
        if self._workers is None:
            self._workers = Workers(ENTRY, isolation=self.isolation)
        return self._workers

    def start(self) -> None:
        """Let the workers warm up in the background."""
        _ = self.workers

    def close(self) -> None:
        """Stop the workers, if they were started."""
        if self._workers is not None:
            self._workers.close()

    def draw(self, data: DigitsData, seed: int, device: str) -> None:
        """Draw every check's challenge from a seed."""
        self.seed = seed
        self.challenges = {
            check.id: draw_challenge(check, self.assignment, data, seed, device)
            for check in self.assignment.checks
        }

    def place(self, device: str) -> None:
        """Set the device to train on, once it is known which there are."""
        for challenge in self.challenges.values():
            if "device" in challenge:
                challenge["device"] = device

    def observe(self, programs: Mapping[str, tuple[Check, Program]]) -> dict[str, Observation]:
        """Run several programs in one child, each under its own task name, in order."""
        if not programs:
            return {}
        return self._read(programs, self.workers.run(self._job(programs)))

    def observe_many(
        self, groups: Iterable[Mapping[str, tuple[Check, Program]]]
    ) -> list[dict[str, Observation]]:
        """Run each group of programs in a child of its own, as many at once as there are cores."""
        groups = [group for group in groups if group]
        answers = self.workers.run_all(self._job(group) for group in groups)
        return [self._read(group, answer) for group, answer in zip(groups, answers, strict=True)]

    def seconds(self, check: Check) -> float:
        """Return the wall-clock limit of a check."""
        return self.timeout or check.seconds

    def _job(self, programs: Mapping[str, tuple[Check, Program]]) -> Job:
        used = {check.id for check, _ in programs.values()}
        payload = {
            "seed": self.seed,
            "challenges": {name: self.challenges[name] for name in sorted(used)},
            "tasks": {
                task: {"kind": check.kind, "check": check.id, "program": program.to_plain()}
                for task, (check, program) in programs.items()
            },
        }
        seconds = {task: self.seconds(check) for task, (check, _) in programs.items()}
        return Job(
            payload=payload,
            tasks=tuple(programs),
            limits=Limits(task_seconds=seconds),
            # Only what trains there needs the GPU; everything else never sees it.
            cuda=any(self.challenges[name].get("device", "cpu") != "cpu" for name in used),
        )

    def _read(
        self, programs: Mapping[str, tuple[Check, Program]], answers: Mapping[str, Answer]
    ) -> dict[str, Observation]:
        return {
            task: Observation(
                program,
                answers[task].value,
                answers[task].seconds,
                _trouble(answers[task], self.seconds(check)),
            )
            for task, (check, program) in programs.items()
        }


_CODES = {
    Fate.TIMEOUT: "timeout",
    Fate.CRASHED: "crashed",
    Fate.OUT_OF_MEMORY: "killed_memory",
    Fate.GARBLED: "garbled",
    Fate.INTERNAL_ERROR: "internal",
}


def _trouble(answer: Answer, limit: float) -> Remark | None:
    if answer.fate is Fate.ANSWERED:
        return None
    facts = {"seconds": f"{limit:g}", "detail": answer.detail}
    return Remark(_CODES[answer.fate], Severity.ERROR, facts=facts)
