"""Workers: the sandbox's face to the trusted side."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Any

from grader.errors import InternalError
from grader.sandbox import isolation as levels
from grader.sandbox.forked import ForkServer
from grader.sandbox.model import Answer, Job, Limits
from grader.sandbox.run_job import Server, WorkerLost, run_job, run_once
from grader.sandbox.rwlock import Turns
from grader.sandbox.spawned import SpawnServer
from grader.sandbox.threats import Threat

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from grader.sandbox.isolation import LayerRow

_STARTS: dict[str, Callable[[str, tuple[str, ...]], Server]] = {
    "fork": ForkServer,
    "spawn": SpawnServer,
}
_CLOSED = "the workers are closed"


class JobLostError(InternalError):
    """This job brought its workers down, or something else did, twice."""


class Workers:
    """Runs jobs in processes of their own, on behalf of a process that must stay clean.

    Safe to use from several threads. Use it as a context manager, or ``close`` it.
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
        ``isolation`` one of auto, strict, basic, none; ``start`` "fork" or "spawn" (None: what
        this platform uses). Raises ``IsolationUnavailable``, and ``ValueError`` for anything
        else that there is not.
        """
        self._layers = levels.layers_for(isolation)
        levels.require(isolation)
        self._isolation = isolation
        self._start = start or levels.default_start()
        if self._start not in _STARTS or (self._start == "fork" and sys.platform != "linux"):
            raise ValueError(f"workers can't be started by {self._start!r} here")
        self._entry = entry
        self._warm: dict[str, Any] | None = None
        self._applied: dict[str, str] = {}
        self._missing: dict[str, str] = {}
        self._stopped: frozenset[Threat] | None = None
        self._turns = Turns()
        self._warming = threading.Lock()
        self._changing = threading.Lock()
        self._closed = False
        self._server: Server | None = _STARTS[self._start](entry, self._layers)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def ready(self) -> dict[str, Any]:
        """Wait until a worker has warmed up; return what its ``warm_up`` returned.

        Raises ``InternalError`` with what the worker wrote to standard error if it can't start,
        and ``IsolationUnavailable`` if it can't have the isolation that was asked for.
        """
        with self._warming:
            if self._warm is None:
                started = self._try_out()
                self._applied = dict(started["applied"])
                self._missing = dict(started["missing"])
                self._stopped = frozenset(Threat[name] for name in started["stopped"])
                levels.require(self._isolation, self._stopped, self._missing)
                self._warm = dict(started["warm"])
            return dict(self._warm)

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job, in its order; blocks.

        A job whose workers are lost (they were killed, say) is run once more, and then alone:
        what brought them down may have been another job. Raises ``InternalError`` if they can't
        be had, ``JobLostError`` if they are lost again.
        """
        self.ready()
        with contextlib.suppress(WorkerLost), self._turns.shared():
            return self._run(job)
        try:
            with self._turns.alone():
                return self._run(job)
        except WorkerLost as error:
            raise JobLostError(f"the workers were lost twice: {error}") from None

    @property
    def applied(self) -> dict[str, str]:
        """The layers in force, with their remarks; known once ``ready`` has returned."""
        return dict(self._applied)

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What is not protected, one sentence or none; exact once ``ready`` has returned."""
        return levels.unprotected_sentences(self._isolation, self._stopped)

    @property
    def layers(self) -> tuple[LayerRow, ...]:
        """A row for each layer, on or off and why; exact once ``ready`` has returned."""
        return levels.rows(self._isolation, self._applied, self._missing)

    def close(self) -> None:
        """End all workers and remove what they left; jobs that still run raise."""
        with self._changing:
            self._closed = True
            server, self._server = self._server, None
        if server is not None:
            server.close()

    def _run(self, job: Job) -> dict[str, Answer]:
        """Run the job on the server there is; a lost one is given up."""
        server = self._current()
        try:
            answers = run_job(server, job, self._layers, tuple(self._applied))
        except WorkerLost as error:
            words = server.last_words()
            self._replace(server)
            raise WorkerLost(f"{error}\n{words}".strip()) from None
        except OSError as error:
            raise InternalError(f"a worker could not be used: {error}") from error
        if self._closed:  # what closing killed did not end by itself
            raise InternalError(_CLOSED)
        return answers

    def _try_out(self) -> Any:
        """Have one process start and lock itself down, and return what it says."""
        server = self._current()
        nothing = Job({}, (), Limits({}))
        try:
            progress = run_once(server, nothing, (), self._layers)
        except (WorkerLost, OSError) as error:
            raise InternalError(f"no worker could start: {error}\n{server.last_words()}") from None
        if progress.started is None:
            raise InternalError(f"no worker could start: {progress.trouble}")
        return progress.started

    def _current(self) -> Server:
        """Return the server, a new one if the last was lost."""
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
        """Give up a server; several threads may have lost the same one."""
        with self._changing:
            mine = self._server is lost
            if mine:
                self._server = None
        if mine:
            lost.close()
