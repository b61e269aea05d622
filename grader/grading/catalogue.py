"""Names a mistake: by what the student wrote, or by a listed mistake that behaves the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import KINDS
from grader.grading.behaviours import Behaviours
from grader.grading.given_code import is_given
from grader.grading.guard import UnfitError, ask
from grader.locate import patterns
from grader.locate.answers import answer_tree, same_text
from grader.locate.blanks import BlankState
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.assignment import Assignment, Check, Mistake
    from grader.checks.remark import Remark
    from grader.grading.observe import Observer
    from grader.grading.submission import Submission

# An exception says what went wrong, not why: in any kind of check a listed mistake may know better.
_RAISES = "raises"


@dataclass(frozen=True)
class Named:
    """A remark and the listed mistake that explains it, if one does.

    ``observed`` is the code under which the judge noticed it.
    """

    remark: Remark
    mistake: Mistake | None = None
    observed: str = ""


class Catalogue:
    """Knows the listed mistakes of an assignment, as text and by what they do."""

    def __init__(self, assignment: Assignment, reference: Submission, observer: Observer) -> None:
        """Keep what is needed; nothing runs before a submission fails a check."""
        self.assignment = assignment
        self.reference = reference
        self.behaviours = Behaviours(assignment, reference, observer)

    def name(
        self,
        remark: Remark,
        check: Check,
        submission: Submission,
        observed: Any,
        reference: Any,
    ) -> Named:
        """Return the remark under the code of the mistake that it is, when one is known."""
        by_text = self._by_text(remark, check, submission)
        if by_text is not None:
            return Named(replace(remark, code=by_text.code), by_text, remark.code)
        right = self.behaviours.right(remark.blank, submission)
        kind = KINDS[check.kind]
        if (
            remark.code in kind.general | {_RAISES}
            and kind.alike is not None
            and observed is not None
        ):
            possible = [
                behaviour
                for behaviour in self.behaviours.of(check, reference)
                if (remark.code, remark.blank) in behaviour.noticed
                and not (
                    right and behaviour.mistake.blank == remark.blank and not behaviour.right_answer
                )
            ]
            place = kind.place(check, remark.blank) if remark.blank is not None else None
            # All that was observed tells more than what one blank answers for, so it goes first;
            # the blank's own share is for when another blank is wrong too.
            tries = [(behaviour, None) for behaviour in possible]
            if place is not None:
                tries += [(b, place) for b in possible if b.mistake.blank == remark.blank]
            for behaviour, where in tries:
                if self._alike(kind.alike, observed, behaviour.value, where, reference):
                    mistake = behaviour.mistake
                    blank = mistake.blank
                    if blank is None and not right and self._only_blanks_differ(check, submission):
                        blank = remark.blank
                    named = replace(remark, code=mistake.code, blank=blank)
                    return Named(named, mistake, remark.code)
        if right and remark.code in kind.guessed:
            # What stands in the blank is right, so it is the code around it that is not.
            return Named(replace(remark, blank=None), None, remark.code)
        return Named(remark, None, remark.code)

    @staticmethod
    def _alike(
        alike: Callable[..., bool], observed: Any, other: Any, where: Any, reference: Any
    ) -> bool:
        """Whether an observation is a listed mistake's; one that can't be compared is none."""
        try:
            return ask(lambda value: alike(value, other, where), observed, lambda: reference)
        except UnfitError:
            return False

    def traced(
        self, remark: Remark, check: Check, submission: Submission, aside: Iterable[int]
    ) -> Remark:
        """Return an exception from outside the blanks with the blank that is known to raise it.

        What a wrong answer makes may fail only where the given code uses it. A blank that was put
        ``aside`` did not run.
        """
        if remark.error is None or remark.blank is not None:
            return remark
        for number in sorted(set(check.blanks) - set(aside)):
            placed = replace(remark, blank=number)
            if self._by_text(placed, check, submission) is not None:
                return placed
        return remark

    def _only_blanks_differ(self, check: Check, submission: Submission) -> bool:
        """Whether the code around the blanks is as it was given, so that a blank is to blame."""
        return all(
            is_given(submission.parts[part], self.reference.parts[part], self.assignment)
            for part in check.parts
        )

    def _by_text(self, remark: Remark, check: Check, submission: Submission) -> Mistake | None:
        site = submission.site(remark.blank) if remark.blank is not None else None
        if site is None or site.state is not BlankState.ANSWERED:
            return None
        kind = self.assignment.blank(site.number).kind
        answer = answer_tree(site.answer, kind)
        for mistake in self.assignment.mistakes:
            if mistake.blank != site.number or check.id not in mistake.verdict:
                continue
            # The same words may do something else where other names stand around them.
            broken = remark.error is not None and not remark.facts.get("worked")
            if not any((status == Status.ERROR) == broken for status in mistake.verdict[check.id]):
                continue
            if answer is not None and any(patterns.fits(p, answer) for p in mistake.patterns):
                return mistake
            if len(mistake.edits) == 1 and same_text(mistake.edits[0].text, site.answer, kind):
                return mistake
        return None
