"""How each listed mistake behaves: the solved notebook with it, run on the judge's challenges."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import KINDS
from grader.grading.solved import edited
from grader.grading.submission import blamed, open_submission, program_for
from grader.locate.answers import same_text
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check, Mistake
    from grader.grading.observe import Observation, Observer
    from grader.grading.submission import Submission


@dataclass(frozen=True)
class Behaviour:
    """How a listed mistake behaves: what was observed, and what the judge noticed in it.

    ``right_answer``: what stands in its blank is right by itself, and what is around it is not.
    """

    mistake: Mistake
    value: Any
    noticed: frozenset[tuple[str, int | None]]
    right_answer: bool


class Behaviours:
    """The listed mistakes of an assignment and, once asked for, how each behaves."""

    def __init__(self, assignment: Assignment, reference: Submission, observer: Observer) -> None:
        """Keep what is needed; ``reference`` is the solved notebook. Nothing runs yet."""
        self.assignment = assignment
        self.reference = reference
        self.observer = observer
        self._known: dict[str, list[Behaviour]] = {}
        self._variants: dict[int, Submission] = {}
        self._running = threading.Lock()

    def of(self, check: Check, reference: Any) -> list[Behaviour]:
        """Run every listed mistake of a check, once, and return what each did."""
        with self._running:
            if check.id not in self._known:
                self._known[check.id] = self._run(check, reference)
            return self._known[check.id]

    def get_ready(self) -> None:
        """Take the mistakes apart that are to be run; another thread may ask for them meanwhile."""
        for check in self.assignment.checks:
            if KINDS[check.kind].alike is not None:
                for number, _ in self._listed(check):
                    with self._running:
                        self._variant(number)

    def right(self, number: int | None, submission: Submission) -> bool:
        """Whether an answer is, word for word, one of those known to be right."""
        site = submission.site(number) if number is not None else None
        if site is None or number is None:
            return False
        kind = self.assignment.blank(number).kind
        solved = self.reference.site(number)
        known = [solved.answer] if solved is not None else []
        for alternative in self.assignment.alternatives:
            known += [edit.text for edit in alternative.edits if edit.blank == number]
        return any(same_text(text, site.answer, kind) for text in known)

    def _listed(self, check: Check) -> Iterator[tuple[int, Mistake]]:
        """Yield the mistakes to run for a check, and their numbers."""
        for number, mistake in enumerate(self.assignment.mistakes):
            # One that the judge names by itself, in its own words, has nothing to add.
            known = mistake.words is None and knows(mistake.code)
            if not (mistake.only_text or known) and check.id in mistake.verdict:
                yield number, mistake

    def _run(self, check: Check, reference: Any) -> list[Behaviour]:
        programs = {}
        listed: dict[str, tuple[Mistake, Submission]] = {}
        for number, mistake in self._listed(check):
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
            notebook = edited(self.reference.notebook, edits, self.assignment, self.reference.parts)
            self._variants[number] = open_submission(notebook, self.assignment)
        return self._variants[number]
