"""Judges a student's own parts with each other, which no blank answers for alone.

A check before this one has shown each part by itself, so most of the work is to say who is to
blame: a part that was found wrong there, or, where every part is right, none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import KINDS
from grader.grading.catalogue import Named
from grader.grading.examine import NO_FORM, observing_failed, well_formed
from grader.grading.guard import UnfitError, ask, garbled
from grader.grading.missing import with_missing
from grader.grading.settled import RIGHT, follows
from grader.grading.submission import blamed, program_for
from grader.grading.verdict import verdict
from grader.report import Severity, Status

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.data import DigitsData
    from grader.grading.observe import Observation, Observer
    from grader.grading.settled import CheckVerdict, Judged
    from grader.grading.submission import Submission


def judge_together(
    observer: Observer,
    data: DigitsData | None,
    submission: Submission,
    check: Check,
    judged: Judged,
    reference: Submission,
) -> CheckVerdict:
    """Judge the student's own parts with each other, in the light of the checks before.

    The ``reference`` is run only where judging the submission fails, to see whose fault that is.
    """
    observation = _observed(observer, submission, check)
    if observation.trouble is not None:
        remarks = [observing_failed(observation.trouble)]
    else:
        remarks = _remarks(observer, data, submission, check, observation, reference)
    earlier = [v for v, _ in judged.values() if v.check.id != check.id and v.check.parts]
    wrong = [v for v in earlier if v.status not in RIGHT and set(v.check.parts) & set(check.parts)]
    stopped = next((r for r in remarks if r.error and r.severity is Severity.ERROR), None)
    if stopped is not None:
        begun = _begun(stopped, check, submission)
        wrong = [v for v in wrong if set(v.check.parts) & begun]
        if wrong:
            # What stops the training was shown where it belongs.
            return follows(check, wrong)
    # A blank whose own check passed is not where an exception comes from.
    right = {n for v in earlier if v.status is Status.PASSED for n in v.check.blanks}
    remarks = [replace(r, blank=None) if r.blank in right else r for r in remarks]
    first = "put the other checks right first; this one follows from them"
    last = check.options.get("advice", "compare the code around the blanks with the notebook's")
    if all(v.status is Status.PASSED for v in earlier if set(v.check.parts) & set(check.parts)):
        remarks = [_not_the_blanks(remark, last) for remark in remarks]
    advice = {"advice": first if wrong else last}
    remarks = [replace(remark, facts={**advice, **remark.facts}) for remark in remarks]
    settled = verdict(check, remarks, seconds=observation.seconds)
    return with_missing((settled, tuple(map(Named, remarks))), observation.missing)


def _observed(observer: Observer, submission: Submission, check: Check) -> Observation:
    program = program_for(submission, check, observer.assignment)
    assert program is not None
    return observer.observe({check.id: (check, program)}, submission.alone)[check.id]


def _remarks(
    observer: Observer,
    data: DigitsData | None,
    submission: Submission,
    check: Check,
    observation: Observation,
    reference: Submission,
) -> list[Remark]:
    """Return what is noticed in an observation, with the lines of its exceptions."""
    kind = KINDS[check.kind]
    challenge = observer.challenges[check.id]
    known = kind.known(check, challenge, data) if kind.known else None

    def judged(value: Any) -> list[Remark]:
        if not well_formed(check, value, None):
            return [garbled(NO_FORM)]
        found = kind.judge(value, known, check, challenge)
        return [blamed(remark, check, submission, observation.program) for remark in found]

    try:
        return ask(judged, observation.value, lambda: _observed(observer, reference, check).value)
    except UnfitError as error:
        return [garbled(f"judging it ended in {error}")]


def _not_the_blanks(remark: Remark, remedy: str) -> Remark:
    """Return an exception of parts that are right by themselves: no blank is to blame."""
    if remark.code != "raises" or remark.severity is not Severity.ERROR:
        return remark
    facts = {**remark.facts, "remedy": remedy}
    return replace(remark, code="fails_together", blank=None, facts=facts)


def _begun(remark: Remark, check: Check, submission: Submission) -> set[str]:
    """Return the parts of a check that may have led to an exception.

    A loop runs last, and what is raised in it comes through its lines: one that is not among them
    had not begun.
    """
    frames = remark.error["frames"] if remark.error else []
    found = set()
    for name in check.parts:
        part = submission.parts[name]
        through = any(part.cell == c and part.first <= line <= part.last for c, line in frames)
        if through or part.part.kind != "loop":
            found.add(name)
    return found
