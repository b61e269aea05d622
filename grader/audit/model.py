"""An audit's cases and results as frozen data, which its renderers read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.assignment import Mistake
    from grader.audit.mutants import Mutant
    from grader.notebook.read import Notebook
    from grader.report import CheckResult, Finding

SCHEMA = "grader-audit/1"
# The code of what goes wrong in a check of the assignment's own.
_FAULT = "check_fault"


class CaseKind(str, Enum):
    """The kinds of answers whose verdict is known."""

    REFERENCE = "reference"
    TEMPLATE = "template"
    ALTERNATIVE = "alternative"
    MISTAKE = "mistake"
    PAIR = "pair"

    def __str__(self) -> str:
        """Return the value, as JSON has it."""
        return self.value


@dataclass(frozen=True)
class Case:
    """An answer whose verdict is known; ``place`` (a blank, or the code around) groups rows.

    ``right`` are the solved notebook's answers by the numbers of their blanks.
    """

    kind: CaseKind
    label: str
    place: str
    notebook: Notebook
    mistakes: tuple[Mistake, ...] = ()
    right: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckOutcome:
    """A check's result: status, points, and the codes of the findings that cost points.

    ``arrows`` are the codes of these with the line that each points at, empty if at none. The codes
    of what costs nothing are ``noted``. ``fault`` is what went wrong in an assignment's own check.
    """

    check: str
    status: Status
    score: float
    max_score: float
    codes: tuple[str, ...]
    blanks: frozenset[int] = frozenset()
    arrows: tuple[tuple[str, str], ...] = ()
    noted: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def lost(self) -> bool:
        """Whether the check did not pass; what a person grades is no verdict."""
        return self.status not in (Status.PASSED, Status.NEEDS_GRADING)


def cell(result: CheckResult) -> CheckOutcome:
    """Return the part of a check's result that the audit keeps."""
    costly = [f for f in result.findings if f.severity in (Severity.ERROR, Severity.PARTIAL)]
    return CheckOutcome(
        result.id,
        result.status,
        result.score,
        result.max_score,
        tuple(dict.fromkeys(f.code for f in costly)),
        frozenset(f.blank for f in costly if f.blank is not None),
        tuple((f.code, _pointed_at(f)) for f in costly),
        frozenset(f.code for f in result.findings if f not in costly),
        next((f.message for f in result.findings if f.code == _FAULT), ""),
    )


def _pointed_at(finding: Finding) -> str:
    lines = (line.text for line in finding.excerpt if line.number == finding.line)
    return next(lines, "")


@dataclass(frozen=True)
class CaseRow:
    """One case under one seed; ``holes`` says what is wrong with its verdict, a sentence each.

    ``outcome`` says how the mistakes of a pair were found: "named", "waits" or "together".
    """

    case: Case
    seed: int
    cells: tuple[CheckOutcome, ...]
    holes: tuple[str, ...] = ()
    outcome: str = ""

    def cell(self, check: str) -> CheckOutcome:
        """Return the cell of a check."""
        return next(cell for cell in self.cells if cell.check == check)


@dataclass(frozen=True)
class Trial:
    """One mutant, and the first check that noticed it, or None."""

    mutant: Mutant
    killer: CheckOutcome | None


@dataclass(frozen=True)
class Survivor:
    """A mutant that passed every check, and the recorded reason why it may, or None."""

    mutant: Mutant
    reason: str | None


@dataclass(frozen=True)
class Margin:
    """How near a check came to another verdict.

    ``value`` and ``limit`` are in ``unit``; a ``room`` of 1 or more is enough.
    """

    check: str
    side: str
    label: str
    seed: int
    value: float
    limit: float
    unit: str
    room: float

    @property
    def thin(self) -> bool:
        """Whether a library's next release could change the verdict."""
        return self.room < 1


def tightest(margins: Iterable[Margin]) -> tuple[Margin, ...]:
    """Return the margin with the least room of every check and side."""
    found: dict[tuple[str, str], Margin] = {}
    for margin in sorted(margins, key=lambda margin: margin.room):
        found.setdefault((margin.check, margin.side), margin)
    return tuple(sorted(found.values(), key=lambda margin: (margin.check, margin.side)))


@dataclass(frozen=True)
class Audit:
    """All results for one assignment; ``stale`` names records that nothing needs."""

    assignment: str
    title: str
    checks: tuple[tuple[str, str], ...]
    seeds: tuple[int, ...]
    rows: tuple[CaseRow, ...]
    trials: tuple[Trial, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    margins: tuple[Margin, ...] = ()
    stale: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def holes(self) -> list[str]:
        """Return everything that is wrong; an audit without holes passes."""
        return self.wrong + [
            f"mutant of {s.mutant.part}, cell {s.mutant.cell}, line {s.mutant.line}: no check "
            f"notices {s.mutant.line_of_text}"
            for s in self.unexplained
        ]

    @property
    def wrong(self) -> list[str]:
        """Return the wrong verdicts, what a check failed on, and records that are out of date."""
        several = len(self.seeds) > 1
        return (
            [
                f"{row.case.kind}, {row.case.label}: {hole}{f' (seed {row.seed})' * several}"
                for row in self.rows
                for hole in row.holes
            ]
            + [
                f"mutant of {tried.part}, cell {tried.cell}, line {tried.line}, "
                f"{tried.line_of_text}: {killer.check} went wrong: {killer.fault}"
                for tried, killer in ((trial.mutant, trial.killer) for trial in self.trials)
                if killer is not None and killer.fault
            ]
            + [f"equivalents.toml: nothing survives as {name}" for name in self.stale]
        )

    @property
    def unexplained(self) -> list[Survivor]:
        """Return the mutants that survive without a recorded reason."""
        return [survivor for survivor in self.survivors if survivor.reason is None]

    def of(self, kind: CaseKind) -> list[CaseRow]:
        """Return the rows of one kind."""
        return [row for row in self.rows if row.case.kind is kind]
