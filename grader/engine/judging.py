"""Takes a submission through every check of its assignment, in the rubric's order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from grader.engine.checks import KINDS
from grader.engine.diagnosis import Named
from grader.engine.examine import Examiner, observing_failed, unusable, well_formed
from grader.engine.notes import given_in
from grader.engine.submission import blamed, program_for
from grader.engine.verdict import FATES, NOT_FILLED, Verdict, verdict
from grader.judges.remark import Remark
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData
    from grader.engine.diagnosis import Catalogue
    from grader.engine.notes import Given
    from grader.engine.observing import Observation, Observer
    from grader.engine.submission import Submission
    from grader.notebook.program import Program

# A check that ended like this leaves nothing that a later one could use.
_BLOCKING = frozenset({Status.ERROR, Status.NOT_ATTEMPTED, *FATES.values()})
_RIGHT = frozenset({Status.PASSED, Status.PARTIAL})

Settled = tuple[Verdict, tuple[Named, ...]]
Judged = dict[str, Settled]


class Judge:
    """Judges submissions to one assignment against its reference, on one seed's challenges."""

    def __init__(
        self,
        assignment: Assignment,
        reference: Submission,
        data: DigitsData | None,
        observer: Observer,
        catalogue: Catalogue,
    ) -> None:
        """Keep the parts of the engine; nothing runs yet."""
        self.assignment = assignment
        self.reference = reference
        self.data = data
        self.observer = observer
        self.examiner = Examiner(assignment, observer, catalogue)
        self._reference_seen: dict[str, Observation] | None = None
        self._running = threading.Lock()

    @cached_property
    def given(self) -> Given:
        """What the reference has of the code that a student is given."""
        return given_in(self.reference, self.assignment)

    def judge(self, submission: Submission, progress: Callable[[str], None]) -> Iterator[Settled]:
        """Yield the verdict of every check, the checks that need others after those.

        Who has seen enough may stop asking: the training is observed only when its turn comes.
        """
        judged: Judged = {}
        seen, reference = self._observed(submission)
        for check in self.assignment.checks:
            progress(f"judging {check.title}")
            settled = self._settled(submission, check, judged)
            if settled is not None:
                judged[check.id] = settled
            elif KINDS[check.kind].together:
                judged[check.id] = self._together(submission, check, judged)
            elif reference[check.id].trouble is not None:
                judged[check.id] = _internal(check, reference[check.id])
            else:
                judged[check.id] = self._examined(
                    submission, check, seen[check.id], reference[check.id]
                )
            yield judged[check.id]

    def _examined(
        self, submission: Submission, check: Check, seen: Observation, reference: Observation
    ) -> Settled:
        examined = self.examiner.examine(submission, check, seen, reference)
        remarks = [named.remark for named in examined.named]
        nothing_there = KINDS[check.kind].nothing_there
        missing = {r.blank for r in remarks if r.code in nothing_there}
        if missing >= set(check.blanks) and submission.untouched(check):
            # Nothing is there that could be named a mistake: it was never begun.
            return _not_attempted(check)
        judged = verdict(check, remarks, unjudged=examined.unjudged, seconds=seen.seconds)
        return judged, examined.named

    def _observed(
        self, submission: Submission
    ) -> tuple[dict[str, Observation], dict[str, Observation]]:
        """Run all checks that stand alone, the reference's beside the submission's."""
        with ThreadPoolExecutor(1, "grader-reference") as pool:
            reference = pool.submit(self.reference_seen)
            seen = self.observer.observe(self._programs(submission), submission.alone)
            return seen, reference.result()

    def reference_seen(self) -> dict[str, Observation]:
        """Return what the reference does, run once."""
        with self._running:
            if self._reference_seen is None:
                self._reference_seen = self.observer.observe(self._reference_programs())
            return self._reference_seen

    def _reference_programs(self) -> dict[str, tuple[Check, Program]]:
        """Return the reference's programs, with the parts that only its own has beside."""
        programs = self._programs(self.reference)
        for check in self.assignment.checks:
            beside = tuple(check.options.get("reference_parts", ()))
            program = program_for(
                self.reference, replace(check, parts=(*check.parts, *beside)), self.assignment
            )
            if beside and program is not None:
                programs[check.id] = (check, program)
        return programs

    def _programs(self, submission: Submission) -> dict[str, tuple[Check, Program]]:
        programs = {}
        for check in self.assignment.checks:
            if KINDS[check.kind].together:
                continue
            program = program_for(submission, check, self.assignment, submission.empty(check))
            if program is not None:
                programs[check.id] = (check, program)
        return programs

    def _settled(
        self,
        submission: Submission,
        check: Check,
        judged: Judged,
    ) -> Settled | None:
        """Return the verdict of a check that needs no running, or that can't be run."""
        missing = submission.missing_parts(check)
        if missing:
            title = self.assignment.part(missing[0]).title
            remark = Remark("part_missing", facts={"title": title})
            return _only(check, [remark], Status.NOT_ATTEMPTED)
        idle = [name for name in check.parts if submission.parts[name].idle]
        kind = KINDS[check.kind]
        if idle and not kind.together:
            return _only(check, [Remark("never_called")], Status.FAILED)
        # Where the kind can tell by running that nothing is there, what was not found by its text
        # may still be there in another form.
        if submission.untouched(check) and not kind.nothing_there:
            return _not_attempted(check)
        needed = [judged[name][0] for name in check.needs if name in judged]
        right = [judged[name][0] for name in check.needs_right if name in judged]
        blocking = [v for v in needed if v.status in _BLOCKING]
        blocking += [v for v in needed if idle and set(v.check.parts) & set(idle)]
        blocking += [v for v in right if v.status not in _RIGHT]
        if blocking:
            return _follows(check, blocking)
        if program_for(submission, check, self.assignment, submission.empty(check)) is None:
            title = self.assignment.part(check.parts[0]).title
            nothing = [Remark("part_missing", facts={"title": title})]
            return _only(check, unusable(submission, check) or nothing, Status.ERROR)
        return None

    def _together(
        self,
        submission: Submission,
        check: Check,
        judged: Judged,
    ) -> Settled:
        """Judge the student's own parts with each other, in the light of the checks before."""
        kind = KINDS[check.kind]
        program = program_for(submission, check, self.assignment)
        assert program is not None
        observation = self.observer.observe({check.id: (check, program)}, submission.alone)[
            check.id
        ]
        if observation.trouble is not None:
            remarks = [observing_failed(observation.trouble)]
        elif not well_formed(check, observation, None):
            remarks = [
                Remark("garbled", facts={"detail": "it does not have the form of an answer"})
            ]
        else:
            challenge = self.observer.challenges[check.id]
            known = kind.known(check, challenge, self.data) if kind.known else None
            remarks = kind.judge(observation.value, known, check, challenge)
            remarks = [blamed(remark, check, submission, program) for remark in remarks]
        earlier = [v for v, _ in judged.values() if v.check.id != check.id and v.check.parts]
        wrong = [
            v for v in earlier if v.status not in _RIGHT and set(v.check.parts) & set(check.parts)
        ]
        stopped = next((r for r in remarks if r.error and r.severity is Severity.ERROR), None)
        if stopped is not None:
            begun = _begun(stopped, check, submission)
            wrong = [v for v in wrong if set(v.check.parts) & begun]
            if wrong:
                # What stops the training was shown where it belongs.
                return _follows(check, wrong)
        # A blank whose own check passed is not where an exception comes from.
        right = {n for v in earlier if v.status is Status.PASSED for n in v.check.blanks}
        remarks = [replace(r, blank=None) if r.blank in right else r for r in remarks]
        first = "put the other checks right first; this one follows from them"
        last = check.options.get("advice", "compare the code around the blanks with the notebook's")
        if all(v.status is Status.PASSED for v in earlier if set(v.check.parts) & set(check.parts)):
            remarks = [_not_the_blanks(remark, last) for remark in remarks]
        advice = {"advice": first if wrong else last}
        remarks = [replace(remark, facts={**advice, **remark.facts}) for remark in remarks]
        return (
            verdict(check, remarks, seconds=observation.seconds),
            tuple(Named(remark) for remark in remarks),
        )


def _not_the_blanks(remark: Remark, remedy: str) -> Remark:
    """Return an exception of parts that are right by themselves: no blank is to blame."""
    if remark.code != "raises" or remark.severity is not Severity.ERROR:
        return remark
    facts = {**remark.facts, "remedy": remedy}
    return replace(remark, code="fails_together", blank=None, facts=facts)


def _only(check: Check, remarks: list[Remark], status: Status) -> Settled:
    return verdict(check, remarks, status=status), tuple(Named(remark) for remark in remarks)


def _not_attempted(check: Check) -> Settled:
    remarks = [Remark(NOT_FILLED, blank=number) for number in check.blanks]
    return _only(check, remarks, Status.NOT_ATTEMPTED)


def _follows(check: Check, blocking: list[Verdict]) -> Settled:
    """Return the verdict of a check that waits for others: it fails as they do, and says so."""
    attempted = [v for v in blocking if v.status is not Status.NOT_ATTEMPTED]
    titles = " and ".join(dict.fromkeys(v.check.title for v in blocking))
    internal = any(v.status is Status.INTERNAL_ERROR for v in blocking)
    status = Status.FAILED if attempted else Status.NOT_ATTEMPTED
    remark = Remark("follows", facts={"titles": titles})
    return _only(check, [remark], Status.INTERNAL_ERROR if internal else status)


def _begun(remark: Remark, check: Check, submission: Submission) -> set[str]:
    """Return the parts of a check that may have led to an exception.

    A loop runs last, and what is raised in it comes through its lines: one that is not among them
    had not begun.
    """
    frames = (remark.error or {}).get("frames") or []
    found = set()
    for name in check.parts:
        part = submission.parts[name]
        through = any(part.cell == c and part.first <= line <= part.last for c, line in frames)
        if through or part.part.kind != "loop":
            found.add(name)
    return found


def _internal(check: Check, reference: Observation) -> Settled:
    """Return the verdict where the reference itself could not be observed."""
    assert reference.trouble is not None
    detail = f"the reference: {reference.trouble.code} {reference.trouble.facts.get('detail', '')}"
    return _only(
        check, [Remark("internal", facts={"detail": detail.strip()})], Status.INTERNAL_ERROR
    )
