"""Counts the mistakes of a class."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.classroom.model import Graded
    from grader.classroom.student_result import StudentResult
    from grader.report import Finding

FOLLOWS = "follows"  # the code of a check that depends on a failed one
_NOT_MISTAKES = frozenset({FOLLOWS, "internal"})  # the second is the grader's own fault
_COST_POINTS = frozenset({Severity.ERROR, Severity.PARTIAL})


@dataclass(frozen=True)
class ProgramGroup:
    """The students with the same program who made a mistake, and its wording for them."""

    id: str
    wording: str
    entries: tuple[StudentResult, ...]


@dataclass(frozen=True)
class MistakeCount:
    """A finding's code and everyone who got it in any check, the largest group first.

    ``wordings`` counts its different wordings, the most frequent first: they contain an exception
    or a layer's name, for instance.
    """

    code: str
    checks: tuple[str, ...]
    wordings: tuple[tuple[str, int], ...]
    groups: tuple[ProgramGroup, ...]

    @property
    def count(self) -> int:
        """The number of students."""
        return sum(len(group.entries) for group in self.groups)


@dataclass
class _Made:
    checks: dict[str, None] = field(default_factory=dict)
    groups: dict[tuple[str, str], list[StudentResult]] = field(default_factory=dict)


class MistakeTally:
    """Counts each mistake once for each student."""

    def __init__(self) -> None:
        """Begin without students."""
        self._made: dict[str, _Made] = {}

    def add(self, graded: Graded, entry: StudentResult) -> None:
        """Count one student's mistakes."""
        told: set[str] = set()
        for check, finding in _findings(graded):
            made = self._made.setdefault(finding.code, _Made())
            made.checks[check] = None
            if finding.code not in told:
                told.add(finding.code)
                key = (graded.group, finding.summary or finding.message)
                made.groups.setdefault(key, []).append(entry)

    def ranked(self) -> tuple[MistakeCount, ...]:
        """Return the mistakes, those that most students made first."""
        found = [_mistake(code, made) for code, made in self._made.items()]
        return tuple(sorted(found, key=lambda mistake: (-mistake.count, mistake.code)))


def _findings(graded: Graded) -> Iterator[tuple[str, Finding]]:
    for check in graded.report.checks:
        for finding in check.findings:
            if finding.severity in _COST_POINTS and finding.code not in _NOT_MISTAKES:
                yield check.title, finding


def _mistake(code: str, made: _Made) -> MistakeCount:
    wordings: Counter[str] = Counter()
    for (_, wording), entries in made.groups.items():
        wordings[wording] += len(entries)
    groups = [
        ProgramGroup(group, wording, tuple(entries))
        for (group, wording), entries in made.groups.items()
    ]
    groups.sort(key=lambda group: -len(group.entries))
    return MistakeCount(code, tuple(made.checks), tuple(wordings.most_common()), tuple(groups))
