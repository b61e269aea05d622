"""Results that a person should look at, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from grader.points import points
from grader.quoting import MARK, quoted
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.classroom.model import Graded
    from grader.classroom.programs import SharedProgram
    from grader.classroom.student_result import StudentResult
    from grader.report import CheckResult


class ConcernKind(Enum):
    """Why a person should look, the most pressing first; the value is a heading."""

    INTERNAL_ERROR = "The grader failed"
    UNREADABLE = "Could not be read"
    TIMEOUT = "Did not finish in time"
    OUT_OF_MEMORY = "Used too much memory"
    CRASHED = "Crashed"
    REACHES_IN = "Reaches into the grader"
    TWINS = "Identical saved outputs"
    UNUSUAL = "The same unusual code"
    NEEDS_GRADING = "To be graded by a person"
    TIME_UNKNOWN = "Not certain when it was handed in"
    GIVEN_CODE_CHANGED = "Given code was changed"
    LATE = "Late"
    LATE_BY_POLICY = "Handed in after the due date"

    @property
    def needs_a_look(self) -> bool:
        """Whether a person has to look at it; the others are for information."""
        return self not in _FOR_INFORMATION


_FOR_INFORMATION = frozenset(
    {ConcernKind.GIVEN_CODE_CHANGED, ConcernKind.LATE, ConcernKind.LATE_BY_POLICY}
)


@dataclass(frozen=True)
class Cause:
    """One observation, as a sentence, and the students it concerns."""

    reason: str
    entries: tuple[StudentResult, ...]


@dataclass(frozen=True)
class Concern:
    """All causes of one kind."""

    kind: ConcernKind
    causes: tuple[Cause, ...]

    @property
    def entries(self) -> tuple[StudentResult, ...]:
        """The students concerned, each once."""
        found = {entry.student.id: entry for cause in self.causes for entry in cause.entries}
        return tuple(found.values())


_BY_STATUS = {
    Status.INTERNAL_ERROR: ConcernKind.INTERNAL_ERROR,
    Status.TIMEOUT: ConcernKind.TIMEOUT,
    Status.OUT_OF_MEMORY: ConcernKind.OUT_OF_MEMORY,
    Status.CRASHED: ConcernKind.CRASHED,
}
_BY_NOTE = {
    "reaches_in": ConcernKind.REACHES_IN,
    "given_code_changed": ConcernKind.GIVEN_CODE_CHANGED,
}
# A change that most of a class shares comes from the notebook that was handed out; a class has at
# least so many students.
_A_CLASS = 5


class ConcernTally:
    """Collects the results to look at, by kind and observation."""

    def __init__(self) -> None:
        """Begin without students."""
        self._seen: dict[ConcernKind, dict[object, tuple[str, list[StudentResult]]]] = {}
        self._readable = 0

    def add(self, graded: Graded, entry: StudentResult) -> None:
        """Add what a person should look at in one student's result."""
        self._readable += graded.readable
        for kind, reason, key in _reasons(graded):
            self._note(kind, key, reason, entry)
        if graded.twins:
            together = frozenset({graded.student.id, *graded.twins})
            self._note(ConcernKind.TWINS, together, f"{len(together)} students", entry)

    def add_program(self, program: SharedProgram) -> None:
        """Add the students who share a program that is unusual to share."""
        if program.own_lines:
            reason = (
                f"{len(program.members)} students share program {program.number}, of which "
                f"{program.own_lines} lines are in no other"
            )
            for entry in program.members:
                self._note(ConcernKind.UNUSUAL, program.id, reason, entry)

    def by_kind(self) -> tuple[Concern, ...]:
        """Return the concerns, the most pressing kind first, the largest cause first."""
        concerns = []
        for kind in ConcernKind:
            seen = [
                (why, who)
                for why, who in self._seen.get(kind, {}).values()
                if not (kind is ConcernKind.GIVEN_CODE_CHANGED and self._given_to_all(who))
            ]
            causes = [Cause(why, tuple(who)) for why, who in _together(seen)]
            if causes:
                causes.sort(key=lambda cause: -len(cause.entries))
                concerns.append(Concern(kind, tuple(causes)))
        return tuple(concerns)

    def _given_to_all(self, who: list[StudentResult]) -> bool:
        """Whether so many students share the code that it comes from the notebook handed out."""
        return len(who) >= _A_CLASS and 2 * len(who) > self._readable

    def _note(self, kind: ConcernKind, key: object, reason: str, entry: StudentResult) -> None:
        self._seen.setdefault(kind, {}).setdefault(key, (reason, []))[1].append(entry)


def _together(seen: list[tuple[str, list[StudentResult]]]) -> list[tuple[str, list[StudentResult]]]:
    """Join the lists of entries that have the same sentence."""
    by_reason: dict[str, list[StudentResult]] = {}
    for why, who in seen:
        by_reason.setdefault(why, []).extend(who)
    return list(by_reason.items())


def _reasons(graded: Graded) -> Iterator[tuple[ConcernKind, str, object]]:
    """Yield kind, sentence and a key that makes two observations the same, each once."""
    yield from _lateness(graded)
    if not graded.readable:
        note = next((note.message for note in graded.report.notes), "no reason was given")
        yield ConcernKind.UNREADABLE, note, note
        return
    found: dict[tuple[ConcernKind, str, object], None] = dict.fromkeys(
        (_BY_STATUS[check.status], _what(check), _what(check))
        for check in graded.report.checks
        if check.status in _BY_STATUS
    )
    found |= dict.fromkeys(
        (ConcernKind.NEEDS_GRADING, _to_grade(check), _to_grade(check)) for check in graded.to_grade
    )
    found |= dict.fromkeys(
        (_BY_NOTE[note.code], note.message, (note.message, note.got))
        for note in graded.report.notes
        if note.code in _BY_NOTE
    )
    yield from found


def _lateness(graded: Graded) -> Iterator[tuple[ConcernKind, str, object]]:
    said = graded.lateness
    if said is not None and (said.why_open or said.doubt):
        words = said.why_open or said.doubt
        yield ConcernKind.TIME_UNKNOWN, words, words
    if said is not None and said.days:
        yield ConcernKind.LATE_BY_POLICY, said.late, said.days
    elif graded.late:
        yield ConcernKind.LATE, "", ""


def _to_grade(check: CheckResult) -> str:
    """Return a check with its points and what the student wrote, on one line."""
    message = check.findings[0].message if check.findings else ""
    written = [line.removeprefix(MARK) for line in message.split("\n")[1:]]
    told = quoted(" ".join(written)) if written else message
    return f"{check.title}, {points(check.max_score)} points: {told}"


def _what(check: CheckResult) -> str:
    told = [finding for finding in check.findings if finding.severity is Severity.ERROR]
    words = (told[0].summary or told[0].message) if told else ""
    return f"{check.title}: {words}" if words else check.title
