"""Grades what a class handed in, several at a time, and keeps each result as it comes."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from grader.assignment import all_assignments
from grader.batch.pool import GrowingPool
from grader.batch.stored import Result
from grader.batch.ungraded import failed_report, unread_report
from grader.errors import GraderError
from grader.grading.groups import group_of
from grader.grading.recognise import refuse_another
from grader.grading.submission import open_submission
from grader.intake import read_attempt
from grader.notebook.read import parse_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.batch.store import Store
    from grader.classroom import Attempt
    from grader.grading.grader import Grader
    from grader.grading.submission import Submission
    from grader.intake import Archives
    from grader.notebook.read import Cell

# Added to the settings' digest of a file that is no notebook: the same bytes never will be one.
_UNREAD = " unread"
_WHILE, _SLEEPS = b"while", b"sleep("
# Where a line of code may begin in a notebook's JSON, and characters that end it.
_BEGINS = (b'"', rb"\n", rb"\t")
_HEAD = re.compile(rb'[^\w"\\][^"\\]{0,200}:|:')
_INDENT = 80
# How often the word is looked for: a hostile notebook may hold it millions of times.
_MOST = 1000


class Watcher(Protocol):
    """Shows the progress; called from several threads, one at a time."""

    def begin(self, total: int) -> None:
        """Take the number of notebooks to look at."""

    def done(self, ended: str) -> None:
        """Take how one notebook ended: graded, kept (from an earlier run), unread or failed."""


@dataclass
class Tally:
    """How many notebooks ended how, and on which of them the grader itself failed."""

    ended: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, Exception]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every notebook was read and graded."""
        return not self.ended["unread"] and not self.ended["failed"]


def grade_class(
    attempts: Sequence[Attempt],
    grader: Grader,
    settings: str,
    store: Store,
    archives: Archives,
    watcher: Watcher,
    at_a_time: int,
    most: int,
    graded: Callable[[Attempt], None] = lambda _attempt: None,
    *,
    anew: bool = False,
    named: bool = False,
) -> Tally:
    """Grade every attempt that the store has no result for; return how they ended.

    ``settings`` is the digest that a result of the store must have to be kept; with ``anew`` none
    is. ``named`` means that the user named the assignment, and it is not to be questioned.
    ``at_a_time`` threads grade, and up to ``most`` while some wait for slow programs. ``graded`` is
    called for every attempt with a new result, from several threads. A Ctrl-C stops the workers and
    is raised again; finished results are kept. Raises ``GraderError`` when nothing can run programs
    any more.
    """
    ordered = iter(long_first(attempts, archives))
    work = _Work(ordered, grader, settings, store, archives, watcher, graded, anew, named)
    total = len(attempts)
    watcher.begin(total)
    pool = GrowingPool(max(1, min(at_a_time, total)), min(most, total), work.do_next)
    pool.run(work.stop)
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
        anew: bool,
        named: bool,
    ) -> None:
        self.attempts = attempts
        self.grader = grader
        self.settings = settings
        self.store = store
        self.archives = archives
        self.watcher = watcher
        self.graded = graded
        self.anew, self.named = anew, named
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
            if self._stopped:  # closing the workers made it fail
                return False
            self.stop()  # without workers or disk space the next one would fail too
            raise
        with self._lock:
            self.tally.ended[ended] += 1
            self.watcher.done(ended)
        return True

    def stop(self) -> None:
        """Begin no more notebooks, and end the programs that run."""
        self._stopped = True
        self.grader.close()

    def _next(self) -> Attempt | None:
        with self._lock:
            return None if self._stopped else next(self.attempts, None)

    def _grade(self, attempt: Attempt) -> str:
        """Grade one notebook and store its result; return how it ended."""
        student = attempt.student.id
        sha256 = ""
        try:
            data = read_attempt(attempt, self.archives)
            sha256 = hashlib.sha256(data).hexdigest()
            done = None if self.anew else self.store.done(student)
            if done == (sha256, self.settings):
                return "kept"
            if done == (sha256, self.settings + _UNREAD):
                return "unread"
            submission = self._opened(data, attempt)
        except GraderError as error:
            report = unread_report(attempt, sha256, error, self.grader)
            self.store.put(student, Result(sha256, self.settings + _UNREAD, report))
            return "unread"
        except Exception as error:  # noqa: BLE001 - reported, with the notebook that caused it
            return self._failed(attempt, sha256, error)
        self.grader.prepare()
        try:
            report = self.grader.grade_submission(submission, attempt.origin)
            result = Result(
                sha256=sha256,
                # Without settings the next run grades it again.
                settings="" if report.internal_error else self.settings,
                report=report,
                group=group_of(submission, self.grader.assignment),
                cells=submission.notebook.cells,
                parts=tuple(sorted(submission.titles_by_cell.items())),
                outputs=submission.notebook.outputs,
            )
        except GraderError:
            raise  # not about this notebook: the cluster is gone, say
        except Exception as error:
            if self._stopped:
                raise
            return self._failed(attempt, sha256, error, submission.notebook.cells)
        self.store.put(student, result)
        self.graded(attempt)
        return "failed" if report.internal_error else "graded"

    def _opened(self, data: bytes, attempt: Attempt) -> Submission:
        """Take the notebook apart; raises ``GraderError`` for one that cannot be graded here."""
        mine = self.grader.assignment
        notebook = parse_notebook(data, attempt.member or attempt.path)
        submission = open_submission(notebook, mine)
        refuse_another(notebook, mine, self.assignments, submission.parts, named=self.named)
        return submission

    def _failed(
        self, attempt: Attempt, sha256: str, error: Exception, cells: tuple[Cell, ...] = ()
    ) -> str:
        """Store a report on a failure of the grader itself; return how it ended."""
        with self._lock:
            self.tally.faults.append((attempt.origin, error))
        report = failed_report(attempt, sha256, error, self.grader)
        self.store.put(attempt.student.id, Result(sha256, "", report, cells=cells))
        return "failed"


def long_first(attempts: Iterable[Attempt], archives: Archives) -> list[Attempt]:
    """Return the attempts, those first whose code may loop or sleep until its time limit.

    One endless loop takes as long as many notebooks: graded last, it would be waited for alone.
    """
    return sorted(attempts, key=lambda attempt: not _may_take_long(attempt, archives))


def _may_take_long(attempt: Attempt, archives: Archives) -> bool:
    try:
        data = read_attempt(attempt, archives)
    except Exception:  # noqa: BLE001 - reported when this notebook is graded
        return False
    return _SLEEPS in data or any(
        data[max(0, place - _INDENT) : place].rstrip(b" ").endswith(_BEGINS)
        and _HEAD.match(data, place + len(_WHILE))
        for place in islice(_places(data, _WHILE), _MOST)
    )


def _places(data: bytes, word: bytes) -> Iterator[int]:
    """Yield the offsets of a word; faster than a pattern, which is tried at every byte."""
    place = data.find(word)
    while place >= 0:
        yield place
        place = data.find(word, place + 1)
