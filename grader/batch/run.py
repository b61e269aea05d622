"""Grades what a class handed in, several at a time, and keeps each result as it comes."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.assignment import all_assignments
from grader.batch.order import long_first
from grader.batch.pool import Crew
from grader.batch.store import Result
from grader.batch.ungraded import failed_report, unread_report
from grader.errors import GraderError
from grader.grading.groups import group_of
from grader.grading.recognise import refuse_another
from grader.grading.submission import open_submission
from grader.intake import read_attempt
from grader.notebook.read import parse_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.batch.store import Store
    from grader.classroom import Attempt, HandedIn
    from grader.grading.grader import Grader
    from grader.grading.submission import Submission
    from grader.intake import Archives
    from grader.notebook.read import Cell


# Marks the settings of what was no notebook: it is one no better the next time.
_UNREAD = " unread"


class Watcher(Protocol):
    """Whoever wants to know how far it is; called from several threads, one at a time."""

    def begin(self, total: int) -> None:
        """Hear how many notebooks are to be looked at."""

    def done(self, ended: str) -> None:
        """Hear that one has ended: graded, kept (it was graded before), unread or failed."""


@dataclass
class Tally:
    """How many notebooks ended how, and over which the grader itself stumbled."""

    ended: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Exception]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every notebook was read and graded."""
        return not self.ended["unread"] and not self.ended["failed"]


def grade_class(
    handed_in: HandedIn,
    grader: Grader,
    settings: str,
    store: Store,
    archives: Archives,
    watcher: Watcher,
    at_a_time: int,
    most: int,
    graded: Callable[[Attempt], None] = lambda _attempt: None,
) -> Tally:
    """Grade every counted attempt that the store has no result for; return how they ended.

    ``settings`` is what a result must have been graded under to be kept. ``at_a_time`` get on at
    the same time, and no more than ``most`` are there with those that are held up. ``graded`` hears
    of every attempt with a new result, from several threads. A Ctrl-C stops the workers and is
    raised again; what was finished is kept. Raises ``GraderError`` when there is nothing left to
    run programs on.
    """
    store.keep_only(attempt.student.id for attempt in handed_in.counted)
    attempts = iter(long_first(handed_in.counted, archives))
    work = _Work(attempts, grader, settings, store, archives, watcher, graded)
    total = len(handed_in.counted)
    watcher.begin(total)
    Crew(max(1, min(at_a_time, total)), min(most, total), work.do_next).work(work.stop)
    return work.tally


class _Work:
    """The notebooks still to be graded, taken one by one by several threads."""

    def __init__(
        self,
        attempts: Iterator[Attempt],
        grader: Grader,
        settings: str,
        store: Store,
        archives: Archives,
        watcher: Watcher,
        graded: Callable[[Attempt], None],
    ) -> None:
        self.attempts = attempts
        self.grader = grader
        self.settings = settings
        self.store = store
        self.archives = archives
        self.watcher = watcher
        self.graded = graded
        self.assignments = all_assignments()
        self.tally = Tally()
        self._lock = threading.Lock()
        self._stopped = False

    def do_next(self) -> bool:
        """Take the next notebook, if there is one."""
        attempt = self._next()
        if attempt is None:
            return False
        try:
            ended = self._grade(attempt)
        except Exception:
            if self._stopped:  # what a closed worker leaves undone is nobody's failure
                return False
            self.stop()  # no worker, no disk: the next would fare no better
            raise
        with self._lock:
            self.tally.ended[ended] += 1
            self.watcher.done(ended)
        return True

    def stop(self) -> None:
        """Take no more, and end what runs."""
        self._stopped = True
        self.grader.observer.close()

    def _next(self) -> Attempt | None:
        with self._lock:
            return None if self._stopped else next(self.attempts, None)

    def _grade(self, attempt: Attempt) -> str:
        """Bring one notebook to its result; say how it ended."""
        student = attempt.student.id
        sha256 = ""
        try:
            data = read_attempt(attempt, self.archives)
            sha256 = hashlib.sha256(data).hexdigest()
            done = self.store.done(student)
            if done == (sha256, self.settings):
                return "kept"
            if done == (sha256, self.settings + _UNREAD):
                return "unread"
            submission = self._opened(data, attempt)
        except GraderError as error:
            report = unread_report(attempt, sha256, error, self.grader)
            self.store.put(student, Result(sha256, self.settings + _UNREAD, report))
            return "unread"
        except Exception as error:  # noqa: BLE001 - told, with the notebook that caused it
            return self._failed(attempt, sha256, error)
        self.grader.start()
        self.grader.prepare()
        try:
            report = self.grader.grade_submission(submission, attempt.origin)
            result = Result(
                sha256=sha256,
                # A failure of our own is not kept: the next run tries again.
                settings="" if report.internal_error else self.settings,
                report=report,
                group=group_of(submission, self.grader.assignment),
                cells=submission.notebook.cells,
                parts=tuple(sorted(submission.titles_by_cell.items())),
                outputs=submission.notebook.outputs,
            )
        except GraderError:
            raise  # the machines are gone, say: nothing about this notebook
        except Exception as error:
            if self._stopped:
                raise
            return self._failed(attempt, sha256, error, submission.notebook.cells)
        self.store.put(student, result)
        self.graded(attempt)
        return "failed" if report.internal_error else "graded"

    def _opened(self, data: bytes, attempt: Attempt) -> Submission:
        """Take the notebook apart; raises ``GraderError`` for none, and for one of another kind."""
        mine = self.grader.assignment
        notebook = parse_notebook(data, attempt.member or attempt.path)
        submission = open_submission(notebook, mine)
        refuse_another(notebook, mine, self.assignments, submission.parts)
        return submission

    def _failed(
        self, attempt: Attempt, sha256: str, error: Exception, cells: tuple[Cell, ...] = ()
    ) -> str:
        """Keep a report on what went wrong in the grader itself; say how it ended."""
        with self._lock:
            self.tally.faults.append((attempt.origin, error))
        report = failed_report(attempt, sha256, error, self.grader)
        self.store.put(attempt.student.id, Result(sha256, "", report, cells=cells))
        return "failed"
