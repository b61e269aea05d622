"""Judges a student's own parts with each other, which no blank answers for alone.

The checks before this one judged each part by itself. A failure here is therefore blamed on a part
that was wrong there, or on no blank where every part was right.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.differing import with_differences
from grader.grading.forms import NO_FORM, observing_failed, well_formed
from grader.grading.further_runs import FurtherRuns, Seen
from grader.grading.guard import UnfitError, garbled
from grader.grading.missing import with_missing
from grader.grading.stand_in_results import fails_by_the_stand_in
from grader.grading.still_parameters import traced
from grader.grading.stops_before import stopped_before_the_loop
from grader.grading.submission import blamed
from grader.grading.training_culprits import with_training_culprit
from grader.grading.verdict import RIGHT, follows, verdict
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.data import DigitsData
    from grader.grading.observe import Observation, Observer
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission
    from grader.grading.verdict import Verdict


def judge_together(
    observer: Observer,
    data: DigitsData | None,
    submission: Submission,
    check: Check,
    judged: Mapping[str, Verdict],
    solved: SolvedNotebook,
) -> Verdict:
    """Judge the student's own parts with each other, in the light of the ``judged`` checks.

    The solved notebook is run only where judging the submission raises, to tell a forged
    observation from a fault of the grader's.
    """
    runs = FurtherRuns(observer, data, solved, submission, check)
    seen = runs.first()
    earlier = [v for v in judged.values() if v.check.id != check.id and v.check.parts]
    if seen.observation.trouble is not None:
        remarks = [observing_failed(seen.observation.trouble)]
    else:
        remarks = _remarks(runs, seen, right=not _wrong(check, earlier))
    before = stopped_before_the_loop(submission, check)
    remarks = remarks if before is None else [before]
    remarks = [with_differences(remark, check, submission, solved) for remark in remarks]
    return blame(check, remarks, earlier, submission, seen.observation)


def blame(
    check: Check,
    remarks: list[Remark],
    earlier: list[Verdict],
    submission: Submission,
    observation: Observation,
) -> Verdict:
    """Return the verdict on a joint check, given those on the ``earlier`` checks of its parts."""
    wrong = _wrong(check, earlier)
    stopped = next((r for r in remarks if r.error and r.severity is Severity.ERROR), None)
    if stopped is not None:
        begun = _begun(stopped, check, submission)
        wrong = [v for v in wrong if set(v.check.parts) & begun]
        if wrong:
            # The check of the part that raises has reported the exception already.
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
    return with_missing(verdict(check, remarks, seconds=observation.seconds), observation.missing)


def _wrong(check: Check, earlier: list[Verdict]) -> list[Verdict]:
    """Return the verdicts on parts of a check that are not right by themselves."""
    return [v for v in earlier if v.status not in RIGHT and set(v.check.parts) & set(check.parts)]


def _remarks(runs: FurtherRuns, first: Seen, *, right: bool) -> list[Remark]:
    """Return the remarks on an observation, with the lines of its exceptions.

    Where chance may have decided, the program runs again. Where the checks before did not find its
    parts ``right``, what would earn points has to fail without its update.
    """
    program = first.observation.program
    if not well_formed(runs.check, first.observation.value, None):
        return [garbled(NO_FORM)]
    try:
        seen = runs.settled(first, right=right)
        found = runs.judged(seen)
    except UnfitError as error:
        return [garbled(f"judging it ended in {error}")]
    if not right and not any(remark.severity is Severity.ERROR for remark in found):
        found = runs.by_other_means(seen) or found
    placed = [blamed(remark, runs.check, runs.submission, program) for remark in found]
    placed = [one for one in placed if not fails_by_the_stand_in(one, runs.submission)]
    found = [traced(remark, runs.submission, runs.check) for remark in placed]
    return [with_training_culprit(remark, runs.submission) for remark in found]


def _not_the_blanks(remark: Remark, remedy: str) -> Remark:
    """Return an exception of parts that are right by themselves: no blank is to blame."""
    if remark.code != "raises" or remark.severity is not Severity.ERROR:
        return remark
    facts = {**remark.facts, "remedy": remedy}
    return replace(remark, code="fails_together", blank=None, facts=facts)


def _begun(remark: Remark, check: Check, submission: Submission) -> set[str]:
    """Return the parts of a check that had begun to run when an exception was raised.

    The loop runs last, and an exception in it passes through its lines. If none of its lines is
    in the traceback, the loop had not begun.
    """
    frames = remark.error["frames"] if remark.error else []
    found = set()
    for name in check.parts:
        part = submission.parts[name]
        through = any(part.cell == c and part.first <= line <= part.last for c, line in frames)
        if through or part.part.kind != "loop":
            found.add(name)
    return found
