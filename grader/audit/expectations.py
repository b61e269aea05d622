"""The verdict that each kind of case must get, and how an actual verdict differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.arrows import wrong_arrows
from grader.audit.cases import parts_of, touched
from grader.audit.model import CaseKind, CheckOutcome
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment, Check, Mistake
    from grader.audit.model import Case, CaseRow
    from grader.audit.records import PairRecords

# The code of a check that is not judged because it depends on a failed one.
_WAITS = "follows"
_ROUNDING = 0.01


def holes(case: Case, cells: Sequence[CheckOutcome], assignment: Assignment) -> tuple[str, ...]:
    """Return what is wrong with a verdict, a sentence each; for all kinds but pairs."""
    if case.kind is CaseKind.TEMPLATE:
        return tuple(
            f"{cell.check} is {_said(cell)}, should be not_attempted with 0 points"
            for cell in cells
            if cell.status is not Status.NOT_ATTEMPTED or cell.score != 0
        )
    if case.kind is CaseKind.MISTAKE:
        wrong = _mistake(case.mistakes[0], cells, assignment)
        return (*wrong, *wrong_arrows(case, cells, assignment))
    return tuple(
        f"{cell.check} is {_said(cell)}, should have full marks"
        for cell in cells
        if cell.status is not Status.NEEDS_GRADING
        and (cell.lost or cell.codes or cell.score != cell.max_score)
    )


def _mistake(mistake: Mistake, cells: Sequence[CheckOutcome], assignment: Assignment) -> list[str]:
    found = []
    for cell, check in zip(cells, assignment.checks, strict=True):
        wanted = mistake.verdict.get(cell.check, (Status.PASSED.value,))
        if cell.status is Status.NEEDS_GRADING:
            continue
        if cell.status not in wanted:
            found.append(f"{cell.check} is {_said(cell)}, should be {' or '.join(wanted)}")
        elif cell.lost and cell.score < _kept(mistake, check) - _ROUNDING:
            found.append(f"{cell.check} takes points for blanks that are right: {_said(cell)}")
    if not any(mistake.code in {*cell.codes, *_noted(mistake, cell)} for cell in cells):
        codes = sorted({code for cell in cells for code in cell.codes})
        found.append(f"is not named {mistake.code}, but {', '.join(codes) or 'nothing'}")
    return found


def _noted(mistake: Mistake, cell: CheckOutcome) -> frozenset[str]:
    """Return the codes of what costs nothing, where a mistake may be no more than noted."""
    passes = Status.PASSED.value in mistake.verdict.get(cell.check, ())
    return cell.noted if passes else frozenset()


def _kept(mistake: Mistake, check: Check) -> float:
    """Return the points that a check must give for its untouched blanks."""
    if check.credit != "each_blank" or any(edit.blank is None for edit in mistake.edits):
        return 0.0
    whole = set(check.blanks) - touched(mistake)
    return check.points * len(whole) / len(check.blanks)


def pair_holes(
    case: Case,
    cells: Sequence[CheckOutcome],
    alone: Sequence[CaseRow],
    records: PairRecords,
    assignment: Assignment,
) -> tuple[tuple[str, ...], str]:
    """Return what is wrong with the verdict on a pair, and how its mistakes were found.

    "named": both codes are reported. "waits": the check that names one mistake is not judged until
    the other is corrected. "together": both lose the same check, where one hides the other; this
    must be recorded for the check, and the check must still be lost.
    """
    found, outcome = wrong_arrows(case, cells, assignment), "named"
    for cell, check in zip(cells, assignment.checks, strict=True):
        before = [row.cell(cell.check) for row in alone]
        if not _mixed(cell, check, cells, before, case, records, assignment):
            found += _side_by_side(cell, before)
    named = {code for cell in cells for code in cell.codes}
    for mistake in case.mistakes:
        named |= {code for cell in cells for code in _noted(mistake, cell)}
    for k, row in enumerate(alone):
        code = case.mistakes[k].code
        if code in named:
            continue
        knew = [cell.check for cell in row.cells if code in cell.codes]
        now = [cell for cell in cells if cell.check in knew]
        other = alone[1 - k]
        if now and all(_WAITS in cell.codes for cell in now):
            outcome = "waits" if outcome == "named" else outcome
        elif any(other.cell(check).lost and records.may_hide(check) for check in knew):
            outcome = "together"
        else:
            codes = ", ".join(sorted(named)) or "nothing"
            found.append(f"{code} is hidden: only {codes} is named")
    return tuple(found), outcome


def _mixed(
    cell: CheckOutcome,
    check: Check,
    cells: Sequence[CheckOutcome],
    before: Sequence[CheckOutcome],
    case: Case,
    records: PairRecords,
    assignment: Assignment,
) -> bool:
    """Whether both mistakes change what a check observes, so that its verdict can't be predicted.

    That is acceptable if the check is lost all the same, even by less than for one mistake alone,
    or if other checks name each of the two. Where neither alone loses it whole, it is enough that
    another check in which one may hide the other is lost and names one.
    """
    if not records.may_mix(check.id):
        return False
    if not all(parts_of(mistake, assignment) & set(check.parts) for mistake in case.mistakes):
        return False
    if cell.lost and cell.codes:
        return True
    others = [one for one in cells if one.check != check.id]
    elsewhere = {code for one in others for code in one.codes}
    named = [mistake.code in elsewhere for mistake in case.mistakes]
    lost = any(one.lost and one.codes and records.may_hide(one.check) for one in others)
    whole = any(one.lost and not one.score for one in before)
    return all(named) or (any(named) and lost and not whole)


def _side_by_side(cell: CheckOutcome, before: Sequence[CheckOutcome]) -> list[str]:
    """Compare a check on the pair with the same check on each of the two mistakes alone."""
    lost = [one for one in before if one.lost]
    if not lost:
        return [f"{cell.check} is {_said(cell)}, though neither mistake harms it"] * cell.lost
    if not cell.lost or not cell.codes:
        return [
            f"{cell.check} is {_said(cell)}, though one mistake alone makes it {lost[0].status}"
        ]
    if cell.score > min(one.score for one in lost) + _ROUNDING:
        return [f"{cell.check} is {_said(cell)}, more than for one of the mistakes alone"]
    if _WAITS in cell.codes:
        # The other mistake, in another check, must be corrected before this one can be judged.
        return []
    if len(lost) == 1 and (cell.status, cell.score) != (lost[0].status, lost[0].score):
        return [f"{cell.check} is {_said(cell)}, but {_said(lost[0])} for the one mistake in it"]
    return []


def _said(cell: CheckOutcome) -> str:
    codes = f" ({', '.join(cell.codes)})" if cell.codes else ""
    return f"{cell.status}, {cell.score:g} of {cell.max_score:g}{codes}"
