"""Takes a submission through every check of its assignment, in the rubric's order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of
from grader.checks.remark import Remark
from grader.grading.behaviours import Behaviours
from grader.grading.by_hand import judged_by_hand
from grader.grading.catalogue import Catalogue
from grader.grading.examine import Examiner
from grader.grading.forms import with_form
from grader.grading.given_code import filled_otherwise
from grader.grading.joint import judge_together
from grader.grading.missing import with_missing
from grader.grading.not_called import named_only
from grader.grading.notes import given_in
from grader.grading.solved_right import require_right
from grader.grading.stands_elsewhere import filled_above, not_found
from grader.grading.submission import program_for
from grader.grading.unreadable import needed_python, unusable
from grader.grading.verdict import (
    FATES,
    RIGHT,
    follows,
    internal_fault,
    not_attempted,
    verdict,
)
from grader.locate.outlines import outlines
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.assignment import Check
    from grader.data import DigitsData
    from grader.grading.notes import Given
    from grader.grading.observe import Observation, Observer, Programs
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission
    from grader.grading.verdict import Verdict
    from grader.locate.program import Program

# A check that ended like this leaves nothing that a later one could use.
_BLOCKING = frozenset({Status.ERROR, Status.NOT_ATTEMPTED, *FATES.values()})


class Judge:
    """Judges submissions to one assignment on one seed's challenges."""

    def __init__(
        self,
        solved: SolvedNotebook,
        data: DigitsData | None,
        observer: Observer,
        python: str | None = None,
    ) -> None:
        """Run nothing yet; ``data`` is what the assignment's checks train on, if they do.

        ``python`` is a newer interpreter to ask about what this one cannot read.
        """
        self.python = python
        self.assignment = solved.assignment
        self.solved = solved
        self.data = data
        self.observer = observer
        self.behaviours = Behaviours(solved, observer)
        self.examiner = Examiner(solved, observer, Catalogue(solved, self.behaviours))
        self._reference_seen: dict[str, Observation] | None = None
        self._running = threading.Lock()

    @cached_property
    def given(self) -> Given:
        """The code that a student is given, as the solved notebook has it."""
        return given_in(self.solved.submission, self.assignment)

    def judge(
        self, submission: Submission, progress: Callable[[str], None], *, whole: bool = True
    ) -> Iterator[Verdict]:
        """Yield the verdict of every check, the checks that need others after those.

        Without ``whole`` the caller may stop before the end, so no program is run before the
        verdict that needs it is asked for.
        """
        judged: dict[str, Verdict] = {}
        seen, reference = self._observed(submission, self._likely(submission) if whole else {})
        for check in self.assignment.checks:
            progress(f"judging {check.title}")
            known = self._without_running(submission, check, judged)
            if known is not None:
                judged[check.id] = known
            elif kind_of(check).together:
                judged[check.id] = judge_together(
                    self.observer, self.data, submission, check, judged, self.solved
                )
            elif (trouble := reference[check.id].trouble) is not None:
                judged[check.id] = internal_fault(check, trouble)
            else:
                judged[check.id] = self._examined(
                    submission, check, seen[check.id], reference[check.id]
                )
            yield judged[check.id]

    def observe_own_programs(self) -> None:
        """Run the solved notebook and every listed mistake, as far as they have not been run."""
        seen = self.reference_seen()
        for check in self.assignment.checks:
            if check.id in seen and seen[check.id].trouble is None:
                self.behaviours.of(check, seen[check.id].value, raised=True)

    def _examined(
        self, submission: Submission, check: Check, seen: Observation, reference: Observation
    ) -> Verdict:
        examined = self.examiner.examine(submission, check, seen, reference)
        remarks = examined.remarks
        nothing_there = kind_of(check).nothing_there
        missing = {r.blank for r in remarks if r.code in nothing_there}
        if missing >= set(check.blanks) and submission.untouched(check):
            named = named_only(submission, check)
            return not_attempted(check) if named is None else verdict(check, [named])
        judged = verdict(check, remarks, unjudged=examined.unjudged, seconds=seen.seconds)
        return with_missing(judged, seen.missing)

    def _observed(
        self, submission: Submission, along: Programs
    ) -> tuple[dict[str, Observation], dict[str, Observation]]:
        """Observe all checks that stand alone, of the submission and of the reference at once."""
        with ThreadPoolExecutor(1, "grader-reference") as pool:
            reference = pool.submit(self.reference_seen)
            seen = self.observer.observe(self._programs(submission), submission.alone, along)
            return seen, reference.result()

    def reference_seen(self) -> dict[str, Observation]:
        """Return the observations of the solved notebook, which is run once."""
        with self._running:
            if self._reference_seen is None:
                seen = self.observer.observe(self._reference_programs())
                checks = {check.id: check for check in self.assignment.checks}
                with_forms = {
                    name: with_form(checks[name], observation) for name, observation in seen.items()
                }
                for name, observation in with_forms.items():
                    challenge = self.observer.challenges[name]
                    require_right(self.assignment, checks[name], observation, challenge)
                self._reference_seen = with_forms
            return self._reference_seen

    def _reference_programs(self) -> dict[str, tuple[Check, Program]]:
        """Return the reference's programs, with the parts that only the reference runs."""
        reference = self.solved.submission
        programs = self._programs(reference)
        for check in self.assignment.checks:
            beside = tuple(check.options.get("reference_parts", ()))
            program = program_for(
                reference, replace(check, parts=(*check.parts, *beside)), self.assignment
            )
            if beside and program is not None:
                programs[check.id] = (check, program)
        return programs

    def _programs(self, submission: Submission) -> dict[str, tuple[Check, Program]]:
        """Return the programs of the checks that stand alone."""
        alone = [check for check in self.assignment.checks if not kind_of(check).together]
        return {
            check.id: (check, program)
            for check in alone
            if (program := program_for(submission, check, self.assignment, submission.empty(check)))
        }

    def _likely(self, submission: Submission) -> Programs:
        """Return the programs of the joint checks where they are likely to be run later.

        They are run if no check before them blocks them, which is likely where every blank holds
        an answer that is known to be right.
        """
        right = self.solved.is_right
        if not all(right(blank.number, submission) for blank in self.assignment.blanks):
            return {}
        joint = [check for check in self.assignment.checks if kind_of(check).together]
        return {
            check.id: (check, program)
            for check in joint
            if (program := program_for(submission, check, self.assignment))
        }

    def _without_running(
        self, submission: Submission, check: Check, judged: dict[str, Verdict]
    ) -> Verdict | None:
        """Return the verdict of a check that needs no running, or that can't be run."""
        if kind_of(check).by_hand:
            cells = [part.cell for part in submission.parts.values()]
            solved = self.solved.submission.notebook
            return judged_by_hand(submission.notebook, check, solved, cells)
        missing = submission.missing_parts(check)
        if missing and self._is_unwritten(missing, check, submission):
            return not_attempted(check)
        if missing:
            remark = not_found(self.assignment.part(missing[0]), submission)
            return verdict(check, [remark], status=Status.NOT_ATTEMPTED)
        newer = needed_python(submission, check, self.python)
        if newer is not None:
            return verdict(check, [newer], status=Status.INTERNAL_ERROR)
        idle = [name for name in check.parts if submission.parts[name].never_called]
        kind = kind_of(check)
        if idle and not kind.together:
            return verdict(check, [Remark("never_called")], status=Status.FAILED)
        # Where the kind can tell by running that a blank is empty, a blank whose text was not
        # found may still be filled in another form.
        if submission.untouched(check) and not kind.nothing_there:
            given = self.solved.submission.parts
            mine = submission.parts
            if not filled_otherwise(check.blanks, mine, given, self.assignment):
                return not_attempted(check, filled_above(check, submission))
        needed = [judged[name] for name in check.needs if name in judged]
        right = [judged[name] for name in check.needs_right if name in judged]
        blocking = [v for v in needed if v.status in _BLOCKING]
        blocking += [v for v in needed if idle and set(v.check.parts) & set(idle)]
        blocking += [v for v in right if not _right_here(v)]
        if blocking:
            return follows(check, blocking)
        if program_for(submission, check, self.assignment, submission.empty(check)) is None:
            title = self.assignment.part(check.parts[0]).title
            nothing = [Remark("part_missing", facts={"title": title})]
            remarks = unusable(submission, check) or nothing
            return verdict(check, remarks, status=Status.ERROR)
        return None

    def _is_unwritten(self, missing: list[str], check: Check, submission: Submission) -> bool:
        """Whether the parts that are missing are blanks themselves: definitions to be written.

        One that was added under another name may be meant.
        """
        whole = outlines(self.assignment)
        blanks = [b for b in check.blanks if b in whole and whole[b].owner is None]
        if not set(missing) <= {self.assignment.blank(b).part for b in blanks}:
            return False
        given = self.solved.submission.code.definitions
        return submission.code.definitions <= given and not submission.code.broken


def _right_here(judged: Verdict) -> bool:
    """Whether a verdict is right as far as the checks that need it are concerned."""
    errors = {r.code for r in judged.remarks if r.severity is Severity.ERROR}
    return judged.status in RIGHT or errors <= kind_of(judged.check).elsewhere
