"""Judges one check of one submission, blank by blank where one blank hides another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.checks.remark import Remark, same_error
from grader.grading.blanks_apart import stands_alone
from grader.grading.differing import with_differences
from grader.grading.forms import NO_FORM, observing_failed, well_formed
from grader.grading.guard import UnfitError, ask, garbled
from grader.grading.hidden_errors import as_hidden, hidden, without_handlers
from grader.grading.loaders import shuffles
from grader.grading.misspelt_methods import with_init_named
from grader.grading.moving import said_where_it_moves
from grader.grading.quoted import with_quotes_named
from grader.grading.shared_statements import at_fault, out_of_sight
from grader.grading.stand_in_results import fails_by_the_stand_in
from grader.grading.submission import blamed, program_for
from grader.grading.unreadable import unusable
from grader.locate.answers import BLOCK
from grader.locate.sites import BlankState
from grader.report import Severity, Status

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.grading.catalogue import Catalogue
    from grader.grading.observe import Observation, Observer
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission
    from grader.locate.program import Program


@dataclass(frozen=True)
class Examined:
    """The remarks on a check, and the blanks that could not be judged."""

    remarks: tuple[Remark, ...]
    unjudged: frozenset[int]


class Examiner:
    """Judges the checks of one assignment that stand alone."""

    def __init__(self, solved: SolvedNotebook, observer: Observer, catalogue: Catalogue) -> None:
        """Run nothing yet."""
        self.assignment = solved.assignment
        self.solved = solved
        self.observer = observer
        self.catalogue = catalogue

    def examine(
        self,
        submission: Submission,
        check: Check,
        observation: Observation,
        reference: Observation,
    ) -> Examined:
        """Judge an observation; where a blank stops the code, judge the others without it.

        An error in one blank is carried forward: the blank is put aside, which replaces it by a
        statement that runs and answers nothing, and the check is observed again for the others.
        """
        unseen: set[int] = set()
        examined = self._examined(submission, check, observation, reference, unseen)
        return replace(examined, unjudged=examined.unjudged | unseen)

    def _examined(
        self,
        submission: Submission,
        check: Check,
        observation: Observation,
        reference: Observation,
        unseen: set[int],
    ) -> Examined:
        """Judge an observation; add the blanks that others hide to the ``unseen`` ones."""
        unreadable = submission.unreadable(check)
        aside = unreadable | submission.empty(check)
        remarks = unusable(submission, check)
        while True:
            if observation.trouble is not None:
                remarks.append(observing_failed(observation.trouble))
                return Examined(tuple(remarks), frozenset(check.blanks))
            caused = (
                self._caused(remark, submission, check, reference, aside)
                for remark in self._judge(submission, check, observation, reference, aside)
            )
            found = [at_fault(remark, check, submission, self.solved) for remark in caused]
            unseen |= out_of_sight(found, check, submission, self.solved)
            found = self._hidden(found, submission, check, observation, reference, aside) or found
            for remark in found:
                if not stands_alone(remark, aside, check, submission):
                    continue
                named = self.catalogue.name(
                    remark, check, submission, observation.value, reference.value
                )
                named = with_quotes_named(as_hidden(named), check, submission)
                named = with_init_named(named, check, submission)
                named = with_differences(named, check, submission, self.solved)
                named = self._around(named, check, submission)
                if not any(_same_thing(named, other) for other in remarks):
                    remarks.append(named)
            errors = [r for r in found if r.error is not None and r.severity is Severity.ERROR]
            broken = {r.blank for r in errors if r.blank is not None} - aside
            # The neutral statement of a block may stop the code before the others are reached.
            blocks = {n for n in aside if self.assignment.blank(n).kind == BLOCK}
            lost = any(r.blank is None or r.blank in blocks for r in errors)
            rest = frozenset(check.blanks) - aside - broken
            if not broken or not rest:
                return Examined(tuple(remarks), rest if lost else frozenset())
            aside |= broken
            program = self._program(submission, check, aside)
            if program is None:
                return Examined(tuple(remarks), rest)
            observation = self._observe(submission, check, program)
            if observation.trouble is not None:
                # The code does not run to its end even without the blank: the others stay unjudged.
                return Examined(tuple(remarks), rest)

    def _around(self, remark: Remark, check: Check, submission: Submission) -> Remark:
        """Return a remark on what stands around the blanks, as an error where a blank may do it."""
        known, around = remark.mistake, kind_of(check).around
        noticed = remark.observed or remark.code
        passes = known is not None and Status.PASSED in known.verdict.get(check.id, ())
        if noticed not in around and not passes:
            return remark
        if known is not None and not passes:
            return replace(remark, severity=Severity.ERROR)
        if all(self.solved.is_right_but_for_names(n, submission) for n in check.blanks):
            return replace(remark, severity=Severity.WARNING)
        code = around.get(noticed, noticed)
        return replace(remark, code=code, mistake=None, severity=Severity.ERROR)

    def _caused(
        self,
        remark: Remark,
        submission: Submission,
        check: Check,
        reference: Observation,
        aside: frozenset[int],
    ) -> Remark:
        """Return an exception of the given code with the one blank without which it is gone.

        Only checks that give each blank its own share of the points need this. An answer that is
        known to be right is no suspect.
        """
        if (
            remark.error is None
            or remark.blank is not None
            or remark.severity is not Severity.ERROR
            or check.credit != "each_blank"
        ):
            return remark
        guilty = []
        for number in sorted(frozenset(check.blanks) - aside):
            site = submission.site(number)
            answered = site is not None and site.state is BlankState.ANSWERED
            if not answered or self.solved.is_right(number, submission):
                continue
            without = aside | {number}
            program = self._program(submission, check, without)
            if program is None:
                continue
            seen = self._observe(submission, check, program)
            if seen.trouble is not None:
                continue
            left = self._judge(submission, check, seen, reference, without)
            if any(other.error is not None and other.blank == number for other in left):
                continue  # what stands in for it stops the code, so nothing was seen
            if not any(same_error(other.error, remark.error) for other in left):
                guilty.append(number)
        return replace(remark, blank=guilty[0]) if len(guilty) == 1 else remark

    def _hidden(
        self,
        found: list[Remark],
        submission: Submission,
        check: Check,
        observation: Observation,
        reference: Observation,
        aside: frozenset[int],
    ) -> list[Remark]:
        """Return the exception behind errors, where the program catches it so that nobody sees."""
        severe = [remark for remark in found if remark.severity is Severity.ERROR]
        bare = without_handlers(observation.program) if severe else None
        if bare is None or any(remark.error is not None for remark in severe):
            return []
        seen = self._observe(submission, check, bare)
        if seen.trouble is not None:
            return []
        uncovered = self._judge(submission, check, seen, reference, aside)
        return hidden(uncovered, observation.program, severe)

    def _program(
        self, submission: Submission, check: Check, aside: frozenset[int]
    ) -> Program | None:
        """Return the program without the blanks put aside; unreadable ones are not in it anyway."""
        aside -= submission.unreadable(check)
        return program_for(submission, check, self.assignment, aside)

    def _observe(self, submission: Submission, check: Check, program: Program) -> Observation:
        return self.observer.observe({check.id: (check, program)}, submission.alone)[check.id]

    def _judge(
        self,
        submission: Submission,
        check: Check,
        observation: Observation,
        reference: Observation,
        aside: frozenset[int],
    ) -> list[Remark]:
        challenge = self.observer.challenges[check.id]

        def judged(value: Any) -> list[Remark]:
            if not well_formed(check, value, reference):
                return [garbled(NO_FORM)]
            found = kind_of(check).judge(value, reference.value, check, challenge)
            return [blamed(remark, check, submission, observation.program) for remark in found]

        try:
            placed = ask(judged, observation.value, lambda: reference.value)
        except UnfitError as error:
            return [garbled(f"judging it ended in {error}")]
        return [
            self.catalogue.traced(remark, check, submission, aside)
            for remark in placed
            if _applies(remark, check, submission)
        ]


def _applies(remark: Remark, check: Check, submission: Submission) -> bool:
    """Whether a remark is true of the notebook as its author wrote it around the part."""
    kind = kind_of(check)
    if fails_by_the_stand_in(remark, submission):
        return False
    return (remark.code not in kind.shuffled or shuffles(submission.code)) and (
        remark.code not in kind.moved or said_where_it_moves(remark, submission)
    )


def _same_thing(one: Remark, other: Remark) -> bool:
    """Whether two remarks say the same; two exceptions of one blank do, whatever shows them."""
    if one.error is not None and other.error is not None and one.blank is not None:
        return one.blank == other.blank
    return (one.code, one.blank) == (other.code, other.blank)
