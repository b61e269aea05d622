"""What a grading run says: plain frozen data that every renderer reads and none changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from importlib import import_module
from typing import Any

SCHEMA = "grader-report/1"
# Above this not every whole number is a float of its own.
_EXACT_INTEGERS = 2.0**53


class Status(str, Enum):
    """How a check ended; the set is closed and its order is the order of severity.

    Of ``needs_grading`` a person decides, and of ``internal_error`` nobody has yet: their 0 points
    are not the student's.
    """

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    ERROR = "error"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    NEEDS_GRADING = "needs_grading"
    INTERNAL_ERROR = "internal_error"

    def __str__(self) -> str:
        """Return the value, as the JSON report writes it."""
        return self.value


class Severity(str, Enum):
    """What a finding does to the points: errors and partials cost some, the others none."""

    ERROR = "error"
    PARTIAL = "partial"
    WARNING = "warning"
    INFO = "info"

    def __str__(self) -> str:
        """Return the value, as the JSON report writes it."""
        return self.value


@dataclass(frozen=True)
class SourceLine:
    """One line of the student's cell, numbered from 1 within that cell."""

    number: int
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing that was observed, where, and what to do about it.

    ``cell`` counts all cells of the notebook from 1, Markdown cells included; ``line`` counts
    the lines of that cell from 1; ``column`` and ``end_column`` count characters of that line
    from 0 and mark the half-open span to underline. ``summary`` fits beside the check's title,
    ``message`` says what was observed, ``why`` why it matters. ``heading`` is the notebook's own
    above the cell; it is not written to files, which say it where they hold the notebook. In a
    notebook that is saved as text, ``cell_line`` is the file's line at which the cell begins, and
    all lines count as the file's do.
    """

    code: str
    severity: Severity
    blank: int | None
    cell: int | None
    line: int | None
    message: str
    hint: str | None = None
    got: Any = None
    expected: Any = None
    summary: str | None = None
    why: str | None = None
    column: int | None = None
    end_column: int | None = None
    excerpt: tuple[SourceLine, ...] = ()
    cell_line: int | None = None
    heading: str = field(default="", compare=False, metadata={"written": False})


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check."""

    id: str
    title: str
    status: Status
    score: float
    max_score: float
    seconds: float | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class SubmissionInfo:
    """Which file was graded."""

    path: str
    sha256: str | None
    student: str | None = None


@dataclass(frozen=True)
class Environment:
    """What the verdict depends on beside the notebook.

    ``isolation`` is the level that was asked for, ``layers`` what protected the machine then, and
    ``unprotected`` says, a sentence each, what did not.
    """

    python: str
    torch: str | None
    device: str | None
    threads: int | None
    seed: int | None
    dataset: str | None
    isolation: str | None
    layers: tuple[str, ...] = ()
    unprotected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything one graded notebook got; ``to_dict`` is the contract.

    >>> report = Report.from_json(sample)
    >>> report
    <Report mlp 'submission.ipynb': 40 / 40, 2 of 2 checks passed>
    >>> report.passed
    True
    >>> report.to_dict() == sample
    True
    """

    assignment: str
    submission: SubmissionInfo
    environment: Environment
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    notes: tuple[Finding, ...] = ()
    title: str = ""

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.status is Status.PASSED for check in self.checks)

    @property
    def internal_error(self) -> bool:
        """Whether the grader itself failed somewhere, so that the points can't be trusted."""
        return any(check.status is Status.INTERNAL_ERROR for check in self.checks)

    def __repr__(self) -> str:
        """Return the report in one line."""
        passed = sum(check.status is Status.PASSED for check in self.checks)
        return (
            f"<Report {self.assignment} {self.submission.path!r}: {self.score:g} / "
            f"{self.max_score:g}, {passed} of {len(self.checks)} checks passed>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, which ``json.dumps`` writes: the same as ``to_json``."""
        return self.to_json()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data: every key present, unknown is ``None``."""
        return {"schema": SCHEMA, **_plain(self)}

    def _repr_html_(self) -> str:
        """Return the report as Jupyter shows it below a cell."""
        # A report knows no page; only a notebook asks for this.
        html: str = import_module("grader.pages.output").report_output(self)
        return html

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Report:
        """Return the report that ``to_json`` made ``data`` of, or that a line of results holds.

        Further keys beside a report's own are ignored. Raises ``ValueError`` for anything else.
        """
        schema = data.get("schema") if isinstance(data, dict) else type(data).__name__
        if schema != SCHEMA:
            raise ValueError(f"not a {SCHEMA}: {schema!r}")
        # Most commands read no report.
        from grader.decode import decode  # noqa: PLC0415

        known = {one.name for one in fields(cls)}
        return decode(cls, {key: value for key, value in data.items() if key in known})


def _plain(value: Any) -> Any:
    """Turn dataclasses, tuples and enums into what ``json`` writes; NaN becomes a string."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        written = (one for one in fields(value) if one.metadata.get("written", True))
        return {one.name: _plain(getattr(value, one.name)) for one in written}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
        return int(value) if value.is_integer() and abs(value) < _EXACT_INTEGERS else value
    if value is None or isinstance(value, (str, int, bool)):
        return value
    # numpy's scalars turn into Python's own; anything else is described.
    return _plain(value.item()) if hasattr(value, "item") else str(value)
