"""Settles which assignment is graded, and with it what it trains on and what runs its programs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.assignment import all_assignments, load_assignment
from grader.data import find_data
from grader.errors import GraderError
from grader.grading.recognise import recognise, refuse_another

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment import Assignment
    from grader.data import DigitsData
    from grader.grading.observe import Observer
    from grader.notebook.read import Notebook


@dataclass(frozen=True)
class KnownAssignment:
    """What is known once the assignment is."""

    assignment: Assignment
    data: DigitsData | None
    observer: Observer


class Settling:
    """The one assignment that a grader grades: named beforehand, or told by the first notebook.

    May be used from several threads: of notebooks that come at the same time one decides.
    """

    def __init__(
        self, named: str | None, data: str | None, observer: Callable[[Assignment], Observer]
    ) -> None:
        """Settle at once on the ``named`` assignment, if there is one.

        ``data`` is the folder to train on in place of the assignment's, ``observer`` makes what
        runs an assignment's programs. Raises ``GraderError`` for an unknown assignment or
        unreadable data.
        """
        self._data = data
        self._observer = observer
        self._settled: KnownAssignment | None = None
        self._deciding = threading.Lock()
        # What a notebook could belong to instead; none where an assignment was named.
        self._all: tuple[Assignment, ...] = ()
        if named is not None:
            self._settle(load_assignment(named))

    @property
    def known(self) -> KnownAssignment:
        """What was settled; raises ``GraderError`` while that is open."""
        if self._settled is None:
            raise GraderError(
                "no notebook has said yet which assignment is graded",
                "grade one first, or name the assignment",
            )
        return self._settled

    def by(self, notebook: Notebook) -> None:
        """Recognise the assignment by the first notebook; refuse later ones of another.

        Where an assignment was named, it is taken at its word. Raises ``NotebookError`` for a
        notebook of which it is not clear what it belongs to, or that belongs to another.
        """
        with self._deciding:
            if self._settled is None:
                self._all = all_assignments()
                self._settle(recognise(notebook, self._all))
                return
        if self._all:
            refuse_another(notebook, self.known.assignment, self._all)

    def close(self) -> None:
        """Stop what runs programs, if anything does."""
        if self._settled is not None:
            self._settled.observer.close()

    def _settle(self, assignment: Assignment) -> None:
        data = find_data(self._data, assignment.data)
        self._settled = KnownAssignment(assignment, data, self._observer(assignment))
