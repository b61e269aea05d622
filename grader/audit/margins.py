"""How near each check comes to another verdict, on answers whose verdict is known.

A tolerance is right as long as rounding stays far below it and the smallest mistake far above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.deviations import DEVIATIONS, line_off
from grader.audit.model import CaseKind, Margin, tightest
from grader.checks.converges_challenge import best_lines
from grader.checks.learns_challenge import held_back_labels
from grader.grading.submission import open_submission, program_for
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment import Check
    from grader.audit.model import CaseRow
    from grader.grading.grader import Grader
    from grader.grading.observe import Observation
    from grader.locate.program import Program

# Less room than this on either side is called thin: a factor, and a share of the right answers.
_FACTOR = 3.0
_SHARE = 0.05
_AT_ONCE = 12
_JUDGED = (Status.PASSED, Status.PARTIAL, Status.FAILED)


def margins(grader: Grader, rows: Sequence[CaseRow], seed: int) -> tuple[Margin, ...]:
    """Return the tightest margin of every check and side; none for a check that counts or compares.

    The answers are observed once more, each program once: a report says how a check ended, not
    by how much.
    """
    measured: list[Margin] = []
    for check in grader.assignment.checks:
        if check.kind == "learns":
            measured += _of_training(grader, check, rows, seed)
        elif check.kind == "converges":
            measured += _of_lines(grader, check, rows, seed)
        elif check.kind in DEVIATIONS:
            measured += _of_numbers(grader, check, rows, seed)
    return tightest(measured)


def _of_numbers(
    grader: Grader, check: Check, rows: Sequence[CaseRow], seed: int
) -> Iterator[Margin]:
    """Compare the largest deviation that passes, and the smallest that does not, with the limit."""
    deviation, limit = DEVIATIONS[check.kind]
    observed = [(row, seen.value) for row, seen in _observed(grader, check, rows)]
    solved = [value for row, value in observed if row.case.kind is CaseKind.REFERENCE]
    if not solved or solved[0] is None:
        return
    for row, value in observed:
        off = deviation(value, solved[0]) if value is not None else None
        lost = row.cell(check.id).lost
        # What passes from afar is lawful, and what is lost from near was seen by other means.
        if row.case.kind is CaseKind.REFERENCE or off is None or (off > limit) != lost:
            continue
        room = off / limit if lost else limit / max(off, 1e-30)
        side, room = ("lost" if lost else "passed"), room / _FACTOR
        yield Margin(check.id, side, row.case.label, seed, off, limit, "deviation", room)


def _of_training(
    grader: Grader, check: Check, rows: Sequence[CaseRow], seed: int
) -> Iterator[Margin]:
    """Compare the accuracy after training with the thresholds next to it."""
    marks = check.on_data("training", grader.dataset or "custom")
    labels = held_back_labels(check, {}, grader.data)
    for row, seen in _observed(grader, check, rows):
        after = seen.value["after"] if seen.value is not None else None
        if after is None or after.shape[0] != len(labels):
            continue
        accuracy = float((after.argmax(axis=1) == labels).mean())
        near = _turning(row, check, accuracy, marks, still=bool(seen.value.get("still")))
        if not near:
            continue
        limit = min(near, key=lambda mark: abs(mark - accuracy))
        side, room = str(row.cell(check.id).status), abs(accuracy - limit) / _SHARE
        yield Margin(check.id, side, row.case.label, seed, accuracy, limit, "accuracy", room)


def _of_lines(grader: Grader, check: Check, rows: Sequence[CaseRow], seed: int) -> Iterator[Margin]:
    """Compare how far from the best line a training ended with the limits next to it."""
    best = best_lines(check, grader.observer.challenges[check.id], grader.data)
    # Less is better here, and ``_turning`` reads thresholds the other way.
    marks = {"passed": -check.options["close"], "partial": -check.options["near"]}
    for row, seen in _observed(grader, check, rows):
        off = line_off(seen.value, best) if seen.value is not None else None
        near = _turning(row, check, -off, marks) if off is not None else []
        if off is None or not near:
            continue
        rooms = {-mark: max(off, -mark) / max(min(off, -mark), 1e-30) for mark in near}
        limit = min(rooms, key=rooms.__getitem__)
        side, room = str(row.cell(check.id).status), rooms[limit] / _FACTOR
        yield Margin(check.id, side, row.case.label, seed, off, limit, "deviation", room)


def _turning(
    row: CaseRow, check: Check, accuracy: float, marks: Mapping[str, float], *, still: bool = False
) -> list[float]:
    """Return the thresholds on whose other side the verdict would be one that it must not be."""
    allowed = {Status.PASSED.value}
    if row.case.kind is CaseKind.MISTAKE:
        allowed = set(row.case.mistakes[0].verdict.get(check.id, allowed))
    found = []
    for above, below in ((Status.PASSED, Status.PARTIAL), (Status.PARTIAL, Status.FAILED)):
        # A model of which something stands still does not pass, however well it does.
        moot = {above.value, below.value} <= allowed or (still and above is Status.PASSED)
        limit = marks[above.value]
        here = above if accuracy >= limit else below
        if not moot and row.cell(check.id).status is here:
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
        aside = () if check.kind == "learns" else submission.empty(check)
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
