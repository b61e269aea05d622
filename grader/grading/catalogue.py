"""Names a mistake: by what the student wrote, or by a listed mistake that behaves the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.grading.given_code import is_given
from grader.grading.guard import UnfitError, ask
from grader.locate import patterns
from grader.locate.answers import BLOCK, answer_tree, same_text
from grader.locate.sites import BlankState
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.assignment import Check, Mistake
    from grader.checks.remark import Remark
    from grader.grading.behaviours import Behaviours
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission

# An exception says what went wrong, not why: in any kind of check a listed mistake may know better.
_RAISES = "raises"


class Catalogue:
    """Recognises the listed mistakes of an assignment, by their text and by their behaviour."""

    def __init__(self, solved: SolvedNotebook, behaviours: Behaviours) -> None:
        """Run nothing: a listed mistake runs when a submission first fails its check."""
        self.assignment = solved.assignment
        self.solved = solved
        self.behaviours = behaviours

    def name(
        self,
        remark: Remark,
        check: Check,
        submission: Submission,
        observed: Any,
        reference: Any,
    ) -> Remark:
        """Return the remark with the listed mistake that explains it, under that mistake's code.

        ``observed`` and ``reference`` are what was observed of the submission and of the solved
        notebook. A remark that no listed mistake explains keeps its code.
        """
        by_text = self._by_text(remark, check, submission)
        if by_text is not None:
            return _recognised(remark, by_text, remark.blank)
        right = self.solved.is_right(remark.blank, submission)
        kind = kind_of(check)
        if (
            remark.code in kind.general | {_RAISES}
            and kind.alike is not None
            and observed is not None
        ):
            possible = [
                behaviour
                for behaviour in self.behaviours.of(
                    check, reference, raised=remark.error is not None
                )
                if (remark.code, remark.blank) in behaviour.noticed
                and not (
                    right and behaviour.mistake.blank == remark.blank and not behaviour.right_answer
                )
            ]
            place = kind.place(check, remark.blank) if remark.blank is not None else None
            # The whole observation tells more than one blank's share of it, so it goes first; the
            # share is for when another blank is wrong too.
            tries = [(behaviour, None) for behaviour in possible]
            if place is not None:
                tries += [(b, place) for b in possible if b.mistake.blank == remark.blank]
            for behaviour, where in tries:
                if _alike(kind.alike, observed, behaviour.value, where, reference):
                    blank = behaviour.mistake.blank
                    if blank is None and not right and self._only_blanks_differ(check, submission):
                        blank = remark.blank
                    return _recognised(remark, behaviour.mistake, blank)
        if remark.code in kind.guessed and (right or not _at_blank(remark, submission)):
            # The answer in the blank is right, or another line was seen doing it.
            return replace(
                remark, blank=None, at=None if _at_blank(remark, submission) else remark.at
            )
        return remark

    def traced(
        self, remark: Remark, check: Check, submission: Submission, aside: Iterable[int]
    ) -> Remark:
        """Return an exception from outside the blanks with the blank that is known to raise it.

        The value that a wrong answer makes may fail only where the given code uses it. A blank
        that was put ``aside`` did not run.
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
        given = self.solved.submission.parts
        return all(
            is_given(submission.parts[part], given[part], self.assignment) for part in check.parts
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
            # The same text may do something else where other names stand around it.
            broken = remark.error is not None and not remark.facts.get("worked")
            if not any((status == Status.ERROR) == broken for status in mistake.verdict[check.id]):
                continue
            fits = patterns.in_tree if kind == BLOCK else patterns.fits
            if answer is not None and any(fits(p, answer) for p in mistake.patterns):
                return mistake
            if len(mistake.edits) == 1 and same_text(mistake.edits[0].text, site.answer, kind):
                return mistake
        return None


def _recognised(remark: Remark, mistake: Mistake, blank: int | None) -> Remark:
    return replace(remark, code=mistake.code, blank=blank, mistake=mistake, observed=remark.code)


def _at_blank(remark: Remark, submission: Submission) -> bool:
    """Whether a remark was seen in its blank's statement, or on no line that is known."""
    site = submission.site(remark.blank) if remark.blank is not None else None
    if remark.at is None or site is None or site.statement is None:
        return True
    cell, line = remark.at
    return cell == site.cell and site.statement.line <= line <= site.statement.end_line


def _alike(
    alike: Callable[..., bool], observed: Any, other: Any, where: Any, reference: Any
) -> bool:
    """Whether an observation is a listed mistake's; ``False`` where it cannot be compared."""
    try:
        return ask(lambda value: alike(value, other, where), observed, lambda: reference)
    except UnfitError:
        return False
