"""How near each check comes to another verdict, on answers whose verdict is known.

A tolerance is right as long as rounding stays far below it and the smallest mistake far above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.model import CaseKind, Margin, tightest
from grader.checks.kinds import kind_of
from grader.grading.submission import open_submission, program_for
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.assignment import Check
    from grader.audit.model import CaseRow
    from grader.checks.kind import Kind, Measure
    from grader.grading.grader import Grader
    from grader.grading.observe import Observation
    from grader.locate.program import Program

# Less room than this on either side is called thin: a factor, and a share of the right answers.
_FACTOR = 3.0
_SHARE = 0.05
_LEAST = 1e-30
_AT_ONCE = 12
_JUDGED = (Status.PASSED, Status.PARTIAL, Status.FAILED)


def margins(grader: Grader, rows: Sequence[CaseRow], seed: int) -> tuple[Margin, ...]:
    """Return the tightest margin of every check and side; none for a check that counts or compares.

    The answers are observed once more, each program once: a report says how a check ended, not
    by how much.
    """
    measured: list[Margin] = []
    for check in grader.assignment.checks:
        kind = kind_of(check)
        if kind.measure is not None:
            measured += _of_thresholds(grader, check, kind, rows, seed)
        elif kind.deviation is not None:
            measured += _of_deviations(grader, check, kind, rows, seed)
    return tightest(measured)


def _of_deviations(
    grader: Grader, check: Check, kind: Kind, rows: Sequence[CaseRow], seed: int
) -> Iterator[Margin]:
    """Compare the deviation of each answer from the solved notebook's with the kind's tolerance."""
    assert kind.deviation is not None
    observed = [(row, seen.value) for row, seen in _observed(grader, check, rows)]
    solved = [value for row, value in observed if row.case.kind is CaseKind.REFERENCE]
    if not solved or solved[0] is None:
        return
    limit = kind.tolerance
    for row, value in observed:
        off = kind.deviation(value, solved[0]) if value is not None else None
        lost = row.cell(check.id).lost
        # What passes from afar is lawful, and what is lost from near was seen by other means.
        if row.case.kind is CaseKind.REFERENCE or off is None or (off > limit) != lost:
            continue
        side, room = ("lost", off / limit) if lost else ("passed", limit / max(off, _LEAST))
        yield Margin(check.id, side, row.case.label, seed, off, limit, "deviation", room / _FACTOR)


def _of_thresholds(
    grader: Grader, check: Check, kind: Kind, rows: Sequence[CaseRow], seed: int
) -> Iterator[Margin]:
    """Compare the number that each answer is judged by with the thresholds next to it."""
    assert kind.measure is not None
    challenge = grader.observer.challenges[check.id]
    known = kind.known(check, challenge, grader.data) if kind.known else None
    for row, seen in _observed(grader, check, rows):
        if seen.value is None:
            continue
        measure = kind.measure(seen.value, known, check, challenge)
        if measure is None:
            continue
        rooms = {limit: _room(measure, limit) for limit in _turning(row, check, measure)}
        if rooms:
            limit = min(rooms, key=rooms.__getitem__)
            side = str(row.cell(check.id).status)
            unit = "deviation" if measure.less_is_better else "accuracy"
            value = measure.value
            yield Margin(check.id, side, row.case.label, seed, value, limit, unit, rooms[limit])


def _room(measure: Measure, limit: float) -> float:
    """Return how far a number is from a threshold; below 1 it is near."""
    if not measure.less_is_better:
        return abs(measure.value - limit) / _SHARE
    small, large = sorted((measure.value, limit))
    return large / max(small, _LEAST) / _FACTOR


def _turning(row: CaseRow, check: Check, measure: Measure) -> list[float]:
    """Return the thresholds on whose other side the verdict would be one that it must not be."""
    allowed = {Status.PASSED.value}
    if row.case.kind is CaseKind.MISTAKE:
        allowed = set(row.case.mistakes[0].verdict.get(check.id, allowed))
    found = []
    for above, below in ((Status.PASSED, Status.PARTIAL), (Status.PARTIAL, Status.FAILED)):
        moot = {above.value, below.value} <= allowed or (
            measure.cannot_pass and above is Status.PASSED
        )
        limit = measure.limits[above.value]
        reached = measure.value <= limit if measure.less_is_better else measure.value >= limit
        if not moot and row.cell(check.id).status is (above if reached else below):
            found.append(limit)
    return found


def _observed(
    grader: Grader, check: Check, rows: Sequence[CaseRow]
) -> Iterator[tuple[CaseRow, Observation]]:
    """Observe each program once that a check was judged on."""
    programs: dict[str, tuple[CaseRow, Program]] = {}
    for row in rows:
        if (
            row.case.kind in (CaseKind.TEMPLATE, CaseKind.PAIR)
            or "follows" in row.cell(check.id).codes
        ):
            continue
        if row.cell(check.id).status not in _JUDGED:
            continue
        submission = open_submission(row.case.notebook, grader.assignment)
        aside = () if kind_of(check).together else submission.empty(check)
        program = program_for(submission, check, grader.assignment, aside)
        if program is not None:
            programs.setdefault(repr(program), (row, program))
    tasks = [(str(k), row, program) for k, (row, program) in enumerate(programs.values())]
    groups = [
        {name: (check, program) for name, _, program in tasks[k : k + _AT_ONCE]}
        for k in range(0, len(tasks), _AT_ONCE)
    ]
    seen: dict[str, Observation] = {}
    for answers in grader.observer.observe_many(groups):
        seen.update(answers)
    for name, row, _ in tasks:
        yield row, seen[name]
