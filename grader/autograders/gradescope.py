"""Gradescope's autograder: the zip that a teacher uploads, and the grading of one submission there.

Source: gradescope-autograders.readthedocs.io/en/latest/specs. The zip is unpacked in
``/autograder/source``, a submission in ``/autograder/submission``; students see neither the zip nor
what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from grader.assignment import load_assignment
from grader.autograders.container import require_memory
from grader.autograders.graded import HandInOutcome, grade_hand_in
from grader.autograders.late import LateResult, check_policy, late_result
from grader.autograders.settings import POLICY, SETTINGS, Settings, read_settings
from grader.autograders.submission_metadata import SubmissionMetadata, read_metadata
from grader.autograders.wheel import wheel, wheel_name, zipped
from grader.detail import FULL, told
from grader.files import save
from grader.points import points
from grader.quoting import file_name
from grader.reports.gradescope import Circumstances, results, unread_results

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.autograders.edition import Edition

_PROGRAMS = ("setup.sh", "run_autograder")


@dataclass(frozen=True)
class GradescopeRun:
    """What a run ended in, and remarks on it for instructors."""

    outcome: HandInOutcome
    remarks: tuple[str, ...]


def autograder_zip(
    edition: Edition, assignment: Assignment, settings: Settings, policy: Path | None
) -> bytes:
    """Return the zip; raises ``GraderError`` for a policy that does not fit."""
    content = {
        name: (files("grader.autograders") / "gradescope_files" / name).read_bytes()
        for name in _PROGRAMS
    }
    if policy is not None:
        check_policy(policy, assignment)
        content[POLICY] = policy.read_bytes()
    content |= {SETTINGS: settings.written(), wheel_name(): wheel(), **edition.files}
    return zipped(content, frozenset(_PROGRAMS))


def run(root: Path) -> GradescopeRun:
    """Grade what lies in ``root/submission``, and write ``root/results/results.json`` at the end.

    Raises an exception, and writes nothing, for whatever is not the student's to mend.
    """
    require_memory()
    bundle = root / "source"
    settings = read_settings(bundle)
    assignment = load_assignment(str(bundle / settings.folder))
    known = read_metadata(root / "submission_metadata.json")
    outcome = grade_hand_in(root / "submission", assignment, isolation=settings.isolation)
    late = late_result(bundle, assignment, outcome, known)
    save(root / "results" / "results.json", _written(outcome, settings, known, late).encode())
    return GradescopeRun(outcome, tuple(_remarks(outcome, settings, known, late)))


def _written(
    outcome: HandInOutcome, settings: Settings, known: SubmissionMetadata, late: LateResult
) -> str:
    report, hand_in = outcome.report, outcome.hand_in
    if report is None or hand_in is None:
        return unread_results(outcome.reason)
    detail = settings.detail_of(known.attempt)
    sentences = list(late.told)
    if hand_in.left:
        sentences.append(f"{file_name(hand_in.path, 80)} was graded, and not {hand_in.left}.")
    if detail != settings.detail:
        sentences.append(_hints_spent(settings, known))
    facts = {"attempt": known.attempt, "detail": detail, "lost_for_being_late": late.lost}
    return results(
        told(report, detail),
        Circumstances(late.lost, tuple(sentences), settings.visibility, facts),
    )


def _hints_spent(settings: Settings, known: SubmissionMetadata) -> str:
    first = "attempt is" if settings.hints == 1 else f"{settings.hints} attempts are"
    if not settings.hints:
        return "What is wrong is not told: only the points are."
    this = f"This is attempt {known.attempt}. " if known.attempt is not None else ""
    what = "what is wrong" if settings.detail != FULL else "what is wrong, with hints"
    return f"{this}Only the first {first} told {what}."


def _remarks(
    outcome: HandInOutcome, settings: Settings, known: SubmissionMetadata, late: LateResult
) -> list[str]:
    remarks = [late.remark] if late.remark else []
    if settings.hints is not None and known.attempt is None:
        remarks.append("the number of this attempt is not known, so only its points are told")
    if late.lost:
        remarks.append(f"{points(late.lost)} points are taken off for being late")
    if outcome.reason:
        remarks.append(f"not graded, 0 points: {outcome.reason}")
    return remarks
