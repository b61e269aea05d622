"""``Workers``: runs jobs for the trusted side."""

from __future__ import annotations

import contextlib
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.errors import InternalError
from grader.own_limits import by_a_limit
from grader.sandbox.forked import ForkServer
from grader.sandbox.isolation import (
    default_start,
    layers_for,
    require,
    rows,
    unprotected_sentences,
)
from grader.sandbox.model import Answer, Job, Limits
from grader.sandbox.run_job import Server, WorkerLost, run_job, run_once
from grader.sandbox.rwlock import ReadWriteLock
from grader.sandbox.spawned import SpawnServer
from grader.sandbox.threats import Threat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from grader.sandbox.isolation import LayerRow

_STARTS: dict[str, Callable[[str, tuple[str, ...]], Server]] = {
    "fork": ForkServer,
    "spawn": SpawnServer,
}
_CLOSED = "the workers are closed"


class JobLostError(InternalError):
    """The workers of this job were lost twice."""


class Workers:
    """Runs jobs in separate processes.

    Thread-safe. Use it as a context manager, or ``close`` it.
    """

    def __init__(
        self,
        entry: str,
        *,
        isolation: str = "auto",
        start: str | None = None,
    ) -> None:
        """Begin to warm up in the background; return at once.

        ``entry`` is ``module:attribute`` or a ``.py`` file's absolute path, see ``WorkerEntry``;
        ``isolation`` is one of ``LEVELS``; ``start`` is "fork" or "spawn" (None: the platform's
        default). Raises ``IsolationUnavailable``, and ``ValueError`` for unknown values.
        """
        self._layers = layers_for(isolation)
        require(isolation)
        self._isolation = isolation
        self._start = start or default_start()
        if self._start not in _STARTS or (self._start == "fork" and sys.platform != "linux"):
            raise ValueError(f"workers can't be started by {self._start!r} here")
        self._entry = entry
        self._warm: dict[str, Any] | None = None
        self._applied: dict[str, str] = {}
        self._missing: dict[str, str] = {}
        self._stopped: frozenset[Threat] | None = None
        self._job_lock = ReadWriteLock()
        self._warming = threading.Lock()
        self._changing = threading.Lock()
        self._closed = False
        self._server: Server | None = _STARTS[self._start](entry, self._layers)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close."""
        self.close()

    def ready(self) -> dict[str, Any]:
        """Wait until a worker has warmed up; return what its ``warm_up`` returned.

        Raises ``InternalError`` with the worker's standard error if it can't start, and
        ``IsolationUnavailable`` if it can't provide the isolation that was asked for.
        """
        with self._warming:
            if self._warm is None:
                started = self._try_out()
                self._applied = dict(started["applied"])
                self._missing = dict(started["missing"])
                self._stopped = frozenset(Threat[name] for name in started["stopped"])
                require(self._isolation, self._stopped, self._missing)
                self._warm = dict(started["warm"])
            return dict(self._warm)

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job, in its order; blocks.

        A job whose workers are lost (for instance killed) is run once more, alone: another job may
        have been the cause. So is a task that the clock ended while a busy machine hardly let it
        compute. Raises ``InternalError`` if no worker can be started, and
        ``JobLostError`` if the workers are lost again.
        """
        self.ready()
        starved: dict[str, float] = {}
        with contextlib.suppress(WorkerLost), self._job_lock.shared():
            answers, starved = self._run(job)
            if not starved:
                return answers
        try:
            with self._job_lock.exclusive():
                if not starved:
                    return self._run(job)[0]
                again, _ = self._run(_alone(job, starved))
                return answers | again
        except WorkerLost as error:
            raise JobLostError(f"the workers were lost twice: {error}") from None

    @property
    def applied(self) -> dict[str, str]:
        """The layers in force, with their remarks; known once ``ready`` has returned."""
        return dict(self._applied)

    @property
    def unprotected(self) -> tuple[str, ...]:
        """The threats that are not stopped, as one sentence or none; exact after ``ready``."""
        return unprotected_sentences(self._isolation, self._stopped)

    @property
    def layers(self) -> tuple[LayerRow, ...]:
        """A row for each layer, on or off and why; exact after ``ready``."""
        return rows(self._isolation, self._applied, self._missing)

    def close(self) -> None:
        """End all workers and remove their files; running jobs raise ``InternalError``."""
        with self._changing:
            self._closed = True
            server, self._server = self._server, None
        if server is not None:
            server.close()

    def _run(self, job: Job) -> tuple[dict[str, Answer], dict[str, float]]:
        """Run the job on the current server, see ``run_job``; drop a server that is lost."""
        server = self._current()
        try:
            done = run_job(server, job, self._layers, tuple(self._applied))
        except WorkerLost as error:
            words = server.stderr_tail()
            self._replace(server)
            raise WorkerLost(f"{error}\n{words}".strip()) from None
        except OSError as error:
            broken = InternalError(f"a worker could not be used: {error}")
            raise by_a_limit(error) or broken from error
        if self._closed:  # ``close`` killed the process, so its answers are wrong
            raise InternalError(_CLOSED)
        return done

    def _try_out(self) -> Any:
        """Start one process, let it lock itself down, and return its report."""
        server = self._current()
        nothing = Job({}, (), Limits({}))
        try:
            progress = run_once(server, nothing, (), self._layers)
        except (WorkerLost, OSError) as error:
            broken = InternalError(f"no worker could start: {error}\n{server.stderr_tail()}")
            raise by_a_limit(broken) or broken from None
        if progress.started is None:
            broken = InternalError(f"no worker could start: {progress.trouble}")
            raise by_a_limit(broken) or broken
        return progress.started

    def _current(self) -> Server:
        """Return the server; start a new one if the last was lost."""
        with self._changing:
            if self._closed:
                raise InternalError(_CLOSED)
            if self._server is None:
                try:
                    self._server = _STARTS[self._start](self._entry, self._layers)
                except OSError as error:
                    raise InternalError(f"no worker could be started: {error}") from error
            return self._server

    def _replace(self, lost: Server) -> None:
        """Drop and close a lost server, once; several threads may report the same one."""
        with self._changing:
            mine = self._server is lost
            if mine:
                self._server = None
        if mine:
            lost.close()


def _alone(job: Job, seconds: Mapping[str, float]) -> Job:
    """Return the job with the tasks that have ``seconds`` alone, and these seconds for them."""
    limits = replace(job.limits, task_seconds={**job.limits.task_seconds, **seconds})
    return replace(job, tasks=tuple(seconds), limits=limits, optional=0)
