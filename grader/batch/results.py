"""A batch's results: the stored reports, joined with the students and a TA's decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from grader.batch.late_work import LateWork
from grader.classroom import Graded

if TYPE_CHECKING:
    from grader.batch.store import Store
    from grader.classroom import Attempt, HandedIn
    from grader.classroom.overrides import Overrides


_NO_POLICY = LateWork()


class Results(Sequence[Graded]):
    """The class's results in its order; each is read from the store when it is asked for."""

    def __init__(
        self,
        handed_in: HandedIn,
        store: Store,
        overrides: Overrides,
        late: LateWork = _NO_POLICY,
    ) -> None:
        """Take a store that has a result for every counted attempt.

        ``late`` is what the class's policy says of each hand-in.
        """
        self.handed_in = handed_in
        self._store = store
        self._overrides = overrides
        self.late = late
        self._twins = store.same_outputs()
        self._teams = {one.student.id: one.team for one in handed_in.counted if one.team}
        self._earlier: dict[str, list[str]] = {}
        for attempt in handed_in.earlier:
            self._earlier.setdefault(attempt.student.id, []).append(attempt.origin)

    def __len__(self) -> int:
        """Return how many students handed something in."""
        return len(self.handed_in.counted)

    @overload
    def __getitem__(self, index: int) -> Graded: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Graded]: ...
    def __getitem__(self, index: int | slice) -> Graded | Sequence[Graded]:
        """Return one student's result, or several."""
        if isinstance(index, slice):
            return [self.of(attempt) for attempt in self.handed_in.counted[index]]
        return self.of(self.handed_in.counted[index])

    def without_effect(self) -> tuple[str, ...]:
        """Return a sentence for each override that applies to no student of this class."""
        if not self._overrides.students and not self._overrides.groups:
            return ()
        students = [attempt.student.id for attempt in self.handed_in.counted]
        return self._overrides.without_effect(students, {graded.group for graded in self})

    def of(self, attempt: Attempt) -> Graded:
        """Return the result of an attempt."""
        student = attempt.student
        result = self._store.result(student.id)
        assert result is not None, f"no result of {student.id}"
        report = replace(
            result.report,
            # The file may have been moved, or the roster may know more, since it was graded.
            submission=replace(result.report.submission, path=attempt.origin, student=student.id),
        )
        # A team's members have one notebook, which is no concern.
        mates = self._teams.get(student.id)
        twins = [
            other
            for other in self._twins.get(result.outputs or "", ())
            if other != student.id and (mates is None or self._teams.get(other) != mates)
        ]
        lateness = self.late.by_student.get(student.id)
        return Graded(
            student=student,
            origin=attempt.origin,
            report=report,
            group=result.group,
            cells=result.cells,
            parts=dict(result.parts),
            late=attempt.late if lateness is None or not lateness.handed_in else lateness.days > 0,
            earlier=tuple(self._earlier.get(student.id, ())),
            twins=tuple(twins),
            override=self._overrides.for_student(student.id, result.group),
            team=attempt.team,
            unsure=attempt.unsure,
            lateness=lateness,
        )
