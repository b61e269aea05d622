"""Runs a program again: on other draws, where chance may have decided, and without its update."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from grader.checks import generator
from grader.checks.kinds import kind_of
from grader.grading.forms import well_formed
from grader.grading.guard import UnfitError, ask
from grader.grading.submission import program_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment import Check
    from grader.checks.kind import Kind, Measure
    from grader.checks.remark import Remark
    from grader.data import DigitsData
    from grader.grading.observe import Observation, Observer
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission
    from grader.locate.program import Program

_Answer = TypeVar("_Answer")
_DRAWS = (2, 3)
_ASIDE = "the update lines"


@dataclass(frozen=True)
class Seen:
    """What was observed on the challenge of a name."""

    challenge: str
    observation: Observation


@dataclass(frozen=True)
class FurtherRuns:
    """The runs of one check of one submission."""

    observer: Observer
    data: DigitsData | None
    solved: SolvedNotebook
    submission: Submission
    check: Check

    def first(self) -> Seen:
        """Return what is observed on the check's own challenge."""
        return Seen(self.check.id, self._of(self.submission))

    def judged(self, seen: Seen) -> list[Remark]:
        """Return the judge's remarks; raises ``UnfitError`` where it can't be judged."""
        return self._ask(self._kind.judge, seen)

    def settled(self, first: Seen, *, right: bool) -> Seen:
        """Return the observation to judge: the first, or the middle of three where it is unsure.

        ``right`` says that the checks before found the submission's parts right.

        A run that gave no number counts as the lowest. Raises ``UnfitError`` where the first can't
        be judged.
        """
        kind = self._kind
        if kind.unsure is None or kind.redraw is None:
            return first
        if not self._ask(partial(kind.unsure, right=right), first):
            return first
        programs = {}
        for number in _DRAWS:
            name = f"{self.check.id}, draw {number}{' of a right one' if right else ''}"
            if name not in self.observer.challenges:
                rng = generator(self.observer.seed, name)
                device = self.observer.challenges[first.challenge]["device"]
                context = (self.check, self.solved.assignment, self.data, device)
                self.observer.add(name, kind.redraw(rng, *context, right=right))
            programs[name] = (replace(self.check, id=name), first.observation.program)
        found = self.observer.observe(programs, self.submission.alone)
        three = [first, *(Seen(name, observation) for name, observation in found.items())]
        return sorted(three, key=self._value)[1]

    def by_other_means(self, seen: Seen) -> list[Remark]:
        """Return a remark where the program comes to the same without its update."""
        learned = self._measured(seen)
        if self._kind.by_other_means is None or learned is None:
            return []
        programs: dict[str, tuple[Check, Program]] = {}
        aside = self._without_update()
        if aside is not None:
            programs[_ASIDE] = (replace(self.check, id=seen.challenge), aside)
        for without, change in self._kind.controls.items():
            name = f"{seen.challenge}, without {without}"
            self.observer.add(name, {**self.observer.challenges[seen.challenge], **change})
            programs[without] = (replace(self.check, id=name), seen.observation.program)
        found = self.observer.observe(programs, self.submission.alone)
        controls = {
            without: measured
            for without, observation in found.items()
            if (measured := self._measured(Seen(seen.challenge, observation))) is not None
        }
        return self._kind.by_other_means(learned, controls)

    @property
    def _kind(self) -> Kind:
        return kind_of(self.check)

    def _of(self, submission: Submission) -> Observation:
        program = program_for(submission, self.check, self.solved.assignment)
        assert program is not None
        programs = {self.check.id: (self.check, program)}
        return self.observer.observe(programs, submission.alone)[self.check.id]

    def _without_update(self) -> Program | None:
        """Return the program with the blanks of its loop put aside, ``None`` where they stay."""
        assignment = self.solved.assignment
        loops = {part.id for part in assignment.parts if part.kind == "loop"}
        sites = [self.submission.site(number) for number in self.check.blanks]
        aside = [
            site.number
            for site in sites
            if site is not None
            and site.statement is not None
            and assignment.blank(site.number).part in loops
        ]
        return program_for(self.submission, self.check, assignment, aside) if aside else None

    def _measured(self, seen: Seen) -> Measure | None:
        """Return the number by which an observation is judged, ``None`` where it has none."""
        observation = seen.observation
        if observation.trouble is not None or self._kind.measure is None:
            return None
        if not well_formed(self.check, observation.value, None):
            return None
        try:
            return self._ask(self._kind.measure, seen)
        except UnfitError:
            return None

    def _value(self, seen: Seen) -> float:
        measured = self._measured(seen)
        return float("-inf") if measured is None else measured.value

    def _ask(self, question: Callable[..., _Answer], seen: Seen) -> _Answer:
        """Return ``question(observation, expected, check, challenge)``.

        The solved notebook is run where that raises, to tell a forged observation from a fault of
        the grader's; then ``UnfitError`` is raised.
        """
        challenge = self.observer.challenges[seen.challenge]
        known = self._kind.known(self.check, challenge, self.data) if self._kind.known else None

        def asked(value: Any) -> _Answer:
            return question(value, known, self.check, challenge)

        return ask(asked, seen.observation.value, lambda: self._of(self.solved.submission).value)
