"""A grader that knows every verdict by heart, and a small assignment for it."""

from __future__ import annotations

import random
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, load_assignment
from grader.audit.cases import listed
from grader.audit.model import CaseKind
from grader.audit.pairs import pairs
from grader.report import CheckResult, Finding, Severity, SourceLine, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from grader.audit.model import Case
    from grader.notebook.read import Notebook

MLP = load_assignment("mlp")
CODES = ("swapped_dims", "sums_digits", "missing_zero_grad", "missing_step")


def small(folder: Path) -> Assignment:
    """The MLP assignment with a handful of mistakes, two alternatives and no records."""
    mistakes = tuple(next(m for m in MLP.mistakes if m.code == code) for code in CODES)
    return replace(MLP, folder=folder, mistakes=mistakes, alternatives=MLP.alternatives[:2])


@dataclass
class Stub:
    """Gives each case what it should get, mutants an error in the first check.

    ``wrong`` replaces results by (label, check); ``blind`` holds the texts of mutants to overlook.
    """

    assignment: Assignment
    wrong: dict[tuple[str, str], tuple[str, float, tuple[str, ...]]] = field(default_factory=dict)
    blind: bool = False
    graded: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        cases = listed(self.assignment)
        cases += pairs(self.assignment, 100, random.Random(1))
        self.cases = {_key(case.notebook): case for case in cases}

    def __call__(self, _seed: int) -> AbstractContextManager[Stub]:
        return nullcontext(self)

    def results(self, notebook: Notebook) -> Iterator[CheckResult]:
        case = self.cases.get(_key(notebook))
        self.graded.append(case.label if case is not None else "mutant")
        for check in self.assignment.checks:
            self.asked += 1
            status, score, codes = self.verdict(case, check)
            key = (case.label if case is not None else "mutant", check.id)
            given = result(check, *self.wrong.get(key, (status, score, codes)))
            yield replace(given, findings=tuple(_pointing(f, case) for f in given.findings))

    def verdict(self, case: Case | None, check: Any) -> tuple[str, float, tuple[str, ...]]:
        if case is None:
            lost = not self.blind and check is self.assignment.checks[0]
            return ("failed", 0, ("wrong_shape",)) if lost else ("passed", check.points, ())
        if case.kind is CaseKind.TEMPLATE:
            return "not_attempted", 0, ("not_filled_in",)
        found = [m for m in case.mistakes if check.id in m.verdict]
        if not found:
            return "passed", check.points, ()
        kept = sum(m.blank in check.blanks for m in found) if check.credit == "each_blank" else 9
        score = check.points * max(1 - kept / len(check.blanks), 0)
        worst = max((Status(m.verdict[check.id][0]) for m in found), key=list(Status).index)
        return worst.value, score, tuple(m.code for m in found)


def result(check: Any, status: str, score: float, codes: tuple[str, ...]) -> CheckResult:
    findings = tuple(Finding(code, Severity.ERROR, None, None, None, code) for code in codes)
    return CheckResult(check.id, check.title, Status(status), score, check.points, 0.1, findings)


def _pointing(finding: Finding, case: Case | None) -> Finding:
    """Return a finding that points where its entry says."""
    mistakes = case.mistakes if case is not None else ()
    arrow = next((m.arrow for m in mistakes if m.code == finding.code and m.arrow), None)
    if arrow is None:
        return finding
    return replace(finding, line=1, excerpt=(SourceLine(1, arrow),))


def _key(notebook: Notebook) -> str:
    return "\0".join(cell.source for cell in notebook.cells)
