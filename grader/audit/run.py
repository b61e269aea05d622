"""Runs an audit: grades every case under every seed and compares it with its known verdict."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from grader.audit.cases import chosen, handed_in, listed
from grader.audit.expectations import holes, pair_holes
from grader.audit.model import (
    Audit,
    CaseKind,
    CaseRow,
    CheckOutcome,
    Survivor,
    Trial,
    cell,
    tightest,
)
from grader.audit.mutants import mutants
from grader.audit.pairs import pairs
from grader.audit.records import equivalents, pair_records
from grader.errors import InternalError
from grader.grading.submission import open_submission
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from grader.assignment import Assignment
    from grader.audit.model import Case, Margin
    from grader.audit.mutants import Mutant
    from grader.audit.records import Equivalent
    from grader.notebook.read import Notebook
    from grader.report import CheckResult


class Grades(Protocol):
    """The part of a grader that an audit uses."""

    def results(self, notebook: Notebook) -> Iterator[CheckResult]:
        """Yield the result of each check, which runs only when it is asked for."""


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Grades = TypeVar("_Grades", bound=Grades)


@dataclass(frozen=True)
class Plan:
    """The extent of an audit: seeds, pairs under each seed, mutants (``None``: all).

    Mutants are tried under the first seed only: they show whether the checks look at something at
    all, the listed mistakes whether they see it under every seed. The graders train on ``device``;
    some mutants matter on one device only. ``only`` names the listed answers to try, see
    ``chosen``; pairs and mutants are then left out.
    """

    seeds: tuple[int, ...]
    pairs: int
    mutants: int | None = None
    device: str = "cpu"
    only: tuple[str, ...] = ()


def audit(
    assignment: Assignment,
    grader: Callable[[int], AbstractContextManager[_Grades]],
    plan: Plan,
    measure: Callable[[_Grades, Sequence[CaseRow], int], Sequence[Margin]] = lambda *_: (),
    progress: Callable[[str], None] = lambda _text: None,
) -> Audit:
    """Audit with a ``grader`` for each seed, and ``measure`` the margins of the listed answers.

    Raises ``AssignmentError`` if the assignment's files contradict themselves, and
    ``InternalError`` if the grader fails, since that says nothing about the checks.
    """
    started = time.monotonic()
    cases = chosen(listed(assignment), plan.only, assignment)
    possible = [] if plan.only else mutants(open_submission(handed_in(assignment), assignment))
    known = equivalents(assignment, plan.device)
    first = plan.seeds[0]
    rows: list[CaseRow] = []
    trials: list[Trial] = []
    margins: list[Margin] = []
    for seed in plan.seeds:
        rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
        sample = [] if plan.only else pairs(assignment, plan.pairs, rng)
        with grader(seed) as grades:
            this = _Round(assignment, grades, seed, progress)
            alone = this.listed(cases)
            rows += [*alone, *this.pairs(sample, alone)]
            trials += this.mutants(_some(possible, plan.mutants, rng) if seed == first else ())
            progress(f"seed {seed}: measuring margins")
            margins += () if plan.only else measure(grades, alone, seed)
    survivors = _survivors(trials, known)
    return Audit(
        assignment=assignment.id,
        title=assignment.title,
        checks=tuple((check.id, check.title) for check in assignment.checks),
        seeds=plan.seeds,
        rows=tuple(rows),
        trials=tuple(trials),
        survivors=survivors,
        margins=tightest(margins),
        stale=() if plan.only or plan.mutants is not None else _stale(known, survivors),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True)
class _Round:
    """One seed's part of an audit."""

    assignment: Assignment
    grades: Grades
    seed: int
    progress: Callable[[str], None]

    def listed(self, cases: Sequence[Case]) -> list[CaseRow]:
        """Grade the listed answers, the solved notebook first: the others are compared with it."""

        def graded(case: Case) -> CaseRow:
            cells = self._cells(case)
            wrong = _faults(cells) or holes(case, cells, self.assignment)
            return CaseRow(case, self.seed, cells, wrong)

        first, *rest = cases
        return [graded(first), *self._each(graded, rest, "listed answers")]

    def pairs(self, cases: Sequence[Case], alone: Sequence[CaseRow]) -> list[CaseRow]:
        """Grade pairs of mistakes, and compare each pair with its two mistakes alone."""
        mistakes = [row for row in alone if row.case.kind is CaseKind.MISTAKE]
        records = pair_records(self.assignment)

        def graded(case: Case) -> CaseRow:
            cells = self._cells(case)
            each = [row for m in case.mistakes for row in mistakes if row.case.mistakes[0] is m]
            wrong, outcome = pair_holes(case, cells, each, records, self.assignment)
            return CaseRow(case, self.seed, cells, _faults(cells) or wrong, outcome)

        return self._each(graded, cases, "pairs of mistakes")

    def mutants(self, tried: Sequence[Mutant]) -> list[Trial]:
        """Grade mutants, each until the first check notices it."""

        def graded(mutant: Mutant) -> Trial:
            seen = (_sound(cell(r), mutant.text) for r in self.grades.results(mutant.notebook))
            return Trial(mutant, next((c for c in seen if c.lost), None))

        return self._each(graded, tried, "mutants")

    def _cells(self, case: Case) -> tuple[CheckOutcome, ...]:
        results = self.grades.results(case.notebook)
        return tuple(_sound(cell(result), case.label) for result in results)

    def _each(
        self, function: Callable[[_Item], _Result], items: Sequence[_Item], what: str
    ) -> list[_Result]:
        """Apply a function to all items, several at a time; return the results in order."""
        # One thread more than processors: one judges while the others wait for workers.
        with ThreadPoolExecutor(1 + (os.cpu_count() or 1)) as pool:
            futures = [pool.submit(function, item) for item in items]
            results: list[_Result] = []
            try:
                for future in futures:
                    self.progress(f"seed {self.seed}: {what}, {len(results)} of {len(items)}")
                    results.append(future.result())
            finally:
                for future in futures:
                    future.cancel()
        return results


def _sound(cell: CheckOutcome, what: str) -> CheckOutcome:
    """Return the cell; raise ``InternalError`` if the grader failed, and no file of a check."""
    if cell.status is Status.INTERNAL_ERROR and not cell.fault:
        raise InternalError(f"the check {cell.check} failed by itself on: {what}")
    return cell


def _faults(cells: Sequence[CheckOutcome]) -> tuple[str, ...]:
    """Return what went wrong in the assignment's own checks: it says nothing about the answer."""
    return tuple(f"{cell.check} went wrong: {cell.fault}" for cell in cells if cell.fault)


def _some(possible: Sequence[Mutant], count: int | None, rng: random.Random) -> Sequence[Mutant]:
    """Return all mutants, or a random sample of ``count`` in their order."""
    if count is None or count >= len(possible):
        return possible
    return [possible[k] for k in sorted(rng.sample(range(len(possible)), count))]


def _survivors(trials: Sequence[Trial], known: Sequence[Equivalent]) -> tuple[Survivor, ...]:
    """Return the mutants that no check noticed, each with its recorded reason."""
    survived = (trial.mutant for trial in trials if trial.killer is None)
    return tuple(
        Survivor(mutant, next((e.reason for e in known if e.covers(mutant)), None))
        for mutant in survived
    )


def _stale(known: Sequence[Equivalent], survivors: Sequence[Survivor]) -> tuple[str, ...]:
    """Return the records without a survivor, whose reasons are no longer true."""
    return tuple(e.label for e in known if not any(e.covers(s.mutant) for s in survivors))
