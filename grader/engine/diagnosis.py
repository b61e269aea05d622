"""Names a mistake: by what the student wrote, or by a listed mistake that behaves the same."""

from __future__ import annotations

import ast
import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.engine.checks import KINDS
from grader.engine.given import is_given
from grader.engine.submission import blamed, open_submission, program_for
from grader.engine.variants import edited
from grader.notebook import patterns
from grader.notebook.blanks import BlankState
from grader.notebook.syntax import parse
from grader.report import Status
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment, Check, Mistake
    from grader.engine.observing import Observation, Observer
    from grader.engine.submission import Submission
    from grader.judges.remark import Remark
    from grader.notebook.read import Notebook

# An exception says what went wrong, not why: in any kind of check a listed mistake may know better.
_RAISES = "raises"
# No listed answer is near as long, and each of them would be compared with it.
_LONGEST = 5_000


@dataclass(frozen=True)
class Named:
    """A remark and the listed mistake that explains it, if one does.

    ``observed`` is the code under which the judge noticed it.
    """

    remark: Remark
    mistake: Mistake | None = None
    observed: str = ""


@dataclass(frozen=True)
class Behaviour:
    """How a listed mistake behaves: what was observed, and what the judge noticed in it.

    ``right_answer``: what stands in its blank is right by itself, and what is around it is not.
    """

    mistake: Mistake
    value: Any
    noticed: frozenset[tuple[str, int | None]]
    right_answer: bool


class Catalogue:
    """The listed mistakes of an assignment and, once asked for, how each behaves."""

    def __init__(self, assignment: Assignment, reference: Notebook, observer: Observer) -> None:
        """Keep what is needed; nothing runs before a submission fails a check."""
        self.assignment = assignment
        self.reference = reference
        self.observer = observer
        self._behaviour: dict[str, list[Behaviour]] = {}
        self._variants: dict[int, Submission] = {}
        self._running = threading.Lock()

    @cached_property
    def _solved(self) -> Submission:
        return open_submission(self.reference, self.assignment)

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
        right = self.right(remark.blank, submission)
        kind = KINDS[check.kind]
        if (
            remark.code in kind.general | {_RAISES}
            and kind.alike is not None
            and observed is not None
        ):
            possible = [
                behaviour
                for behaviour in self.behaviours(check, reference)
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
                if kind.alike(observed, behaviour.value, where):
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

    def behaviours(self, check: Check, reference: Any) -> list[Behaviour]:
        """Run every listed mistake of a check, once, and return what each did."""
        with self._running:
            if check.id not in self._behaviour:
                self._behaviour[check.id] = self._run(check, reference)
            return self._behaviour[check.id]

    def _run(self, check: Check, reference: Any) -> list[Behaviour]:
        programs = {}
        listed: dict[str, tuple[Mistake, Submission]] = {}
        for number, mistake in enumerate(self.assignment.mistakes):
            # One that the judge names by itself, in its own words, has nothing to add.
            known = mistake.words is None and knows(mistake.code)
            if mistake.only_text or known or check.id not in mistake.verdict:
                continue
            wrong = self._variant(number)
            program = program_for(wrong, check, self.assignment)
            if program is not None:
                programs[str(number)] = (check, program)
                listed[str(number)] = (mistake, wrong)
        # Two children, since two cores are what there is at least.
        names = list(programs)
        halves = [{n: programs[n] for n in names[k::2]} for k in (0, 1)]
        seen: dict[str, Observation] = {}
        for answers in self.observer.observe_many(halves):
            seen.update(answers)
        judge = KINDS[check.kind].judge
        challenge = self.observer.challenges[check.id]
        found = []
        for name, (mistake, wrong) in listed.items():
            value = seen[name].value
            if value is None:
                continue
            program = programs[name][1]
            remarks = [
                blamed(remark, check, wrong, program)
                for remark in judge(value, reference, check, challenge)
            ]
            noticed = frozenset((remark.code, remark.blank) for remark in remarks)
            found.append(Behaviour(mistake, value, noticed, self.right(mistake.blank, wrong)))
        return found

    def _variant(self, number: int) -> Submission:
        """Return the solved notebook with a listed mistake in it; several checks ask for it."""
        if number not in self._variants:
            edits = self.assignment.mistakes[number].edits
            notebook = edited(self.reference, edits, self.assignment, self._solved.parts)
            self._variants[number] = open_submission(notebook, self.assignment)
        return self._variants[number]

    def _only_blanks_differ(self, check: Check, submission: Submission) -> bool:
        """Whether the code around the blanks is as it was given, so that a blank is to blame."""
        return all(
            is_given(submission.parts[part], self._solved.parts[part], self.assignment)
            for part in check.parts
        )

    def right(self, number: int | None, submission: Submission) -> bool:
        """Whether an answer is, word for word, one of those known to be right."""
        site = submission.site(number) if number is not None else None
        if site is None or number is None:
            return False
        kind = self.assignment.blank(number).kind
        solved = self._solved.site(number)
        known = [solved.answer] if solved is not None else []
        for alternative in self.assignment.alternatives:
            known += [edit.text for edit in alternative.edits if edit.blank == number]
        return any(_same_text(text, site.answer, kind) for text in known)

    def _by_text(self, remark: Remark, check: Check, submission: Submission) -> Mistake | None:
        site = submission.site(remark.blank) if remark.blank is not None else None
        if site is None or site.state is not BlankState.ANSWERED:
            return None
        kind = self.assignment.blank(site.number).kind
        answer = _answer_tree(site.answer, kind)
        for mistake in self.assignment.mistakes:
            if mistake.blank != site.number or check.id not in mistake.verdict:
                continue
            # The same words may do something else where other names stand around them.
            broken = remark.error is not None and not remark.facts.get("worked")
            if not any((status == Status.ERROR) == broken for status in mistake.verdict[check.id]):
                continue
            if answer is not None and any(patterns.fits(p, answer) for p in mistake.patterns):
                return mistake
            if len(mistake.edits) == 1 and _same_text(mistake.edits[0].text, site.answer, kind):
                return mistake
        return None


def _answer_tree(text: str, kind: str) -> ast.AST | None:
    if len(text) > _LONGEST:
        return None
    try:
        tree = parse(f"_({text}\n)" if kind == "expression" else text)
    except SyntaxError:
        return None
    if len(tree.body) != 1:
        return None
    node = tree.body[0]
    if not isinstance(node, ast.Expr):
        return node
    if kind == "expression" and isinstance(node.value, ast.Call):
        arguments = node.value
        single = len(arguments.args) == 1 and not arguments.keywords
        return arguments.args[0] if single else arguments
    return node.value


def _same_text(one: str, other: str, kind: str) -> bool:
    """Whether two answers are the same code, whatever their layout."""
    trees = [_answer_tree(text, kind) for text in (one, other)]
    if trees[0] is None or trees[1] is None:
        return one.split() == other.split()
    return ast.dump(trees[0]) == ast.dump(trees[1])
