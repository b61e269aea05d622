"""How each listed mistake behaves: the solved notebook with it, run on the judge's challenges."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.grading.submission import blamed, program_for
from grader.report import Status

if TYPE_CHECKING:
    from grader.assignment import Check, Mistake
    from grader.grading.observe import Observation, Observer
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission


@dataclass(frozen=True)
class Behaviour:
    """What was observed of a listed mistake, and the remarks on it as (code, blank).

    ``right_answer``: its blank holds a right answer, and the code around the blank is wrong.
    """

    mistake: Mistake
    value: Any
    noticed: frozenset[tuple[str, int | None]]
    right_answer: bool


class Behaviours:
    """Runs the listed mistakes of an assignment, those of a check when they are first asked for."""

    def __init__(self, solved: SolvedNotebook, observer: Observer) -> None:
        """Run nothing yet."""
        self.solved = solved
        self.observer = observer
        # By check, and whether they end it by an exception; by their number.
        self._known: dict[tuple[str, bool], dict[int, Behaviour]] = {}
        self._running = threading.Lock()

    def of(self, check: Check, reference: Any, *, raised: bool) -> list[Behaviour]:
        """Return the behaviour of every listed mistake of a check, in the order of the list.

        ``reference`` is what was observed of the solved notebook. Mistakes that end the check by an
        exception are left out, and not run, unless one was ``raised``.
        """
        with self._running:
            found: dict[int, Behaviour] = {}
            for errors in (False, True) if raised else (False,):
                if (check.id, errors) not in self._known:
                    self._known[check.id, errors] = self._run(check, reference, errors)
                found |= self._known[check.id, errors]
            return [found[number] for number in sorted(found)]

    def _run(self, check: Check, reference: Any, errors: bool) -> dict[int, Behaviour]:
        programs = {}
        listed: dict[str, tuple[Mistake, Submission]] = {}
        for number, mistake in self.solved.mistakes_to_run(check):
            if (mistake.verdict[check.id] == (Status.ERROR.value,)) != errors:
                continue
            wrong = self.solved.with_mistake(number)
            program = program_for(wrong, check, self.solved.assignment)
            if program is not None:
                programs[str(number)] = (check, program)
                listed[str(number)] = (mistake, wrong)
        # Two children, since a machine has two cores at least.
        names = list(programs)
        halves = [{n: programs[n] for n in names[k::2]} for k in (0, 1)]
        seen: dict[str, Observation] = {}
        for answers in self.observer.observe_many(halves):
            seen.update(answers)
        judge = kind_of(check).judge
        challenge = self.observer.challenges[check.id]
        found = {}
        for name, (mistake, wrong) in listed.items():
            value = seen[name].value
            if value is None:
                continue
            program = programs[name][1]
            remarks = [
                blamed(remark, check, wrong, program)
                for remark in judge(value, reference, check, challenge)
            ]
            # An exception of the given code is a blank's where a listed mistake says so.
            noticed = frozenset(
                (remark.code, blank)
                for remark in remarks
                for blank in (remark.blank, mistake.blank if remark.error else remark.blank)
            )
            right = self.solved.is_right(mistake.blank, wrong)
            found[int(name)] = Behaviour(mistake, value, noticed, right)
        return found
