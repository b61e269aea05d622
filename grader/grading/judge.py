"""Takes a submission through every check of its assignment, in the rubric's order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from grader.checks.kinds import KINDS
from grader.checks.remark import Remark
from grader.grading.examine import Examiner, unusable
from grader.grading.joint import judge_together
from grader.grading.missing import with_missing
from grader.grading.notes import given_in
from grader.grading.settled import RIGHT, follows, internal_fault, not_attempted, only
from grader.grading.submission import program_for
from grader.grading.verdict import FATES, verdict
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData
    from grader.grading.catalogue import Catalogue
    from grader.grading.notes import Given
    from grader.grading.observe import Observation, Observer, Programs
    from grader.grading.settled import CheckVerdict, Judged
    from grader.grading.submission import Submission
    from grader.locate.program import Program

# A check that ended like this leaves nothing that a later one could use.
_BLOCKING = frozenset({Status.ERROR, Status.NOT_ATTEMPTED, *FATES.values()})


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

    def judge(
        self, submission: Submission, progress: Callable[[str], None], *, whole: bool = True
    ) -> Iterator[CheckVerdict]:
        """Yield the verdict of every check, the checks that need others after those.

        Who may have seen enough before the end does not want the ``whole``: what is only run when
        its turn comes is then never run before.
        """
        judged: Judged = {}
        seen, reference = self._observed(submission, self._likely(submission) if whole else {})
        for check in self.assignment.checks:
            progress(f"judging {check.title}")
            settled = self._settled(submission, check, judged)
            if settled is not None:
                judged[check.id] = settled
            elif KINDS[check.kind].together:
                judged[check.id] = judge_together(
                    self.observer, self.data, submission, check, judged, self.reference
                )
            elif reference[check.id].trouble is not None:
                judged[check.id] = internal_fault(check, reference[check.id])
            else:
                judged[check.id] = self._examined(
                    submission, check, seen[check.id], reference[check.id]
                )
            yield judged[check.id]

    def _examined(
        self, submission: Submission, check: Check, seen: Observation, reference: Observation
    ) -> CheckVerdict:
        examined = self.examiner.examine(submission, check, seen, reference)
        remarks = [named.remark for named in examined.named]
        nothing_there = KINDS[check.kind].nothing_there
        missing = {r.blank for r in remarks if r.code in nothing_there}
        if missing >= set(check.blanks) and submission.untouched(check):
            # Nothing is there that could be named a mistake: it was never begun.
            return not_attempted(check)
        judged = verdict(check, remarks, unjudged=examined.unjudged, seconds=seen.seconds)
        return with_missing((judged, examined.named), seen.missing)

    def _observed(
        self, submission: Submission, along: Programs
    ) -> tuple[dict[str, Observation], dict[str, Observation]]:
        """Run all checks that stand alone, the reference's beside the submission's."""
        with ThreadPoolExecutor(1, "grader-reference") as pool:
            reference = pool.submit(self.reference_seen)
            seen = self.observer.observe(self._programs(submission), submission.alone, along)
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

    def _likely(self, submission: Submission) -> Programs:
        """Return the programs of the checks that wait for others and will be asked for.

        That is where every blank is one of the answers that are known to be right: others are more
        likely to end the matter before.
        """
        right = self.examiner.catalogue.behaviours.right
        if not all(right(blank.number, submission) for blank in self.assignment.blanks):
            return {}
        programs = {}
        for check in self.assignment.checks:
            if KINDS[check.kind].together:
                program = program_for(submission, check, self.assignment)
                if program is not None:
                    programs[check.id] = (check, program)
        return programs

    def _settled(
        self,
        submission: Submission,
        check: Check,
        judged: Judged,
    ) -> CheckVerdict | None:
        """Return the verdict of a check that needs no running, or that can't be run."""
        missing = submission.missing_parts(check)
        if missing:
            title = self.assignment.part(missing[0]).title
            remark = Remark("part_missing", facts={"title": title})
            return only(check, [remark], Status.NOT_ATTEMPTED)
        idle = [name for name in check.parts if submission.parts[name].never_called]
        kind = KINDS[check.kind]
        if idle and not kind.together:
            return only(check, [Remark("never_called")], Status.FAILED)
        # Where the kind can tell by running that nothing is there, what was not found by its text
        # may still be there in another form.
        if submission.untouched(check) and not kind.nothing_there:
            return not_attempted(check)
        needed = [judged[name][0] for name in check.needs if name in judged]
        right = [judged[name][0] for name in check.needs_right if name in judged]
        blocking = [v for v in needed if v.status in _BLOCKING]
        blocking += [v for v in needed if idle and set(v.check.parts) & set(idle)]
        blocking += [v for v in right if v.status not in RIGHT]
        if blocking:
            return follows(check, blocking)
        if program_for(submission, check, self.assignment, submission.empty(check)) is None:
            title = self.assignment.part(check.parts[0]).title
            nothing = [Remark("part_missing", facts={"title": title})]
            return only(check, unusable(submission, check) or nothing, Status.ERROR)
        return None
