"""What an audit tries and what comes out: frozen data that each of its renderers reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Mistake
    from grader.audit.mutants import Mutant
    from grader.notebook.read import Notebook
    from grader.report import CheckResult

SCHEMA = "grader-audit/1"


class CaseKind(str, Enum):
    """Why the verdict on an answer is known beforehand."""

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
    """An answer whose verdict is known; ``place`` groups rows: a blank, or the code around them."""

    kind: CaseKind
    label: str
    place: str
    notebook: Notebook
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class CheckOutcome:
    """What one check said: its status, its points, and the codes of what cost points."""

    check: str
    status: Status
    score: float
    max_score: float
    codes: tuple[str, ...]
    blanks: frozenset[int] = frozenset()

    @property
    def lost(self) -> bool:
        """Whether the check did not pass."""
        return self.status is not Status.PASSED


def cell(result: CheckResult) -> CheckOutcome:
    """Return what the audit keeps of a check's result."""
    costly = [f for f in result.findings if f.severity in (Severity.ERROR, Severity.PARTIAL)]
    return CheckOutcome(
        result.id,
        result.status,
        result.score,
        result.max_score,
        tuple(dict.fromkeys(f.code for f in costly)),
        frozenset(f.blank for f in costly if f.blank is not None),
    )


@dataclass(frozen=True)
class CaseRow:
    """One case under one seed. ``holes`` says what is not as it should be, a sentence each.

    ``outcome`` says how the mistakes of a case were found: "named", "waits" or "together".
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
    """One mutant, and the first check that noticed it, if one did."""

    mutant: Mutant
    killer: CheckOutcome | None


@dataclass(frozen=True)
class Survivor:
    """A mutant that passed every check, and the recorded reason why it may."""

    mutant: Mutant
    reason: str | None


@dataclass(frozen=True)
class Margin:
    """How near a check came to another verdict.

    ``value`` and ``limit`` are in ``unit``; ``room`` is 1 or more where there is enough of it.
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
        """Whether the next release of a library could turn the verdict."""
        return self.room < 1


def tightest(margins: Iterable[Margin]) -> tuple[Margin, ...]:
    """Return the margin with the least room of every check and side."""
    found: dict[tuple[str, str], Margin] = {}
    for margin in sorted(margins, key=lambda margin: margin.room):
        found.setdefault((margin.check, margin.side), margin)
    return tuple(sorted(found.values(), key=lambda margin: (margin.check, margin.side)))


@dataclass(frozen=True)
class Audit:
    """Everything that was tried on one assignment; ``stale`` names records that nothing needs."""

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
        """Return everything that is not as it should be; an audit without holes is green."""
        return self.wrong + [
            f"mutant of {s.mutant.part}, cell {s.mutant.cell}, line {s.mutant.line}: no check "
            f"notices {s.mutant.line_of_text}"
            for s in self.unexplained
        ]

    @property
    def wrong(self) -> list[str]:
        """Return the wrong verdicts, and the records that are out of date."""
        several = len(self.seeds) > 1
        return [
            f"{row.case.kind}, {row.case.label}: {hole}{f' (seed {row.seed})' * several}"
            for row in self.rows
            for hole in row.holes
        ] + [f"equivalents.toml: nothing survives as {name}" for name in self.stale]

    @property
    def unexplained(self) -> list[Survivor]:
        """Return the mutants that survive without a recorded reason."""
        return [survivor for survivor in self.survivors if survivor.reason is None]

    def of(self, kind: CaseKind) -> list[CaseRow]:
        """Return the rows of one kind."""
        return [row for row in self.rows if row.case.kind is kind]
