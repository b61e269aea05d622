"""Runs programs on a Dask cluster instead of this machine.

A job is one Dask task, so scheduling, stealing and starting again what died are Dask's. The task
hands its job to sandbox workers beside it, see ``worker``; only bytes in the sandbox's own format
go to and fro. Anyone who can reach a Dask scheduler can run anything on its workers. The sandbox
there keeps a student's program from it, so every worker must grant ``strict``.
"""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

import distributed

from grader.errors import GraderError, InternalError
from grader.fingerprint import observing_environment
from grader.runners.answer_cache import answers_from_bytes
from grader.runners.dask import worker
from grader.runners.dask.client import EMPTY_SECONDS, ask_all, connect, nobody, read
from grader.runners.dask.facts import agreed, differs
from grader.runners.versions import require_fitting
from grader.sandbox import Answer, Job, JobLostError, wire
from grader.sandbox.rwlock import ReadWriteLock
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Pending = distributed.Future[bytes]

_LOOK_SECONDS = 10.0
_CLOSE_SECONDS = 10.0
_GONE = ("error", "cancelled", "lost")
_CLOSED = "the cluster's workers are closed"


class ClusterRunner:
    """A ``Runner`` on a cluster's worker machines; safe to use from several threads."""

    def __init__(self, address: str, entry: str, isolation: str) -> None:
        """Connect, and ask the workers there are what is installed on their machines.

        ``entry`` and ``isolation`` are those of ``sandbox.Workers``. Raises ``GraderError`` if
        there is no scheduler, no worker, or none that may grade beside the others.
        """
        self._run = {"run": uuid.uuid4().hex, "entry": entry, "isolation": isolation}
        self._lock = threading.Lock()
        self._warming = threading.Lock()
        self._cluster_lock = ReadWriteLock()
        self._numbers = count(1)
        self._underway: set[Pending] = set()
        self._held: dict[str, Pending] = {}
        self._common: dict[str, Any] | None = None
        self._remarks: dict[str, str] = {}
        self._closed = False
        self._client = connect(address)
        try:
            with self._lasting():
                said = ask_all(self._client, worker.about)
                self.threads = sum(self._client.nthreads().values())
            self._installed = agreed(said)
        except BaseException:
            self.close()
            raise

    @property
    def machine(self) -> Mapping[str, Any]:
        """What is installed on the workers' machines."""
        return dict(self._installed["machine"])

    @property
    def started(self) -> bool:
        """Whether the sandbox was started on the workers."""
        return self._common is not None

    def start(self) -> None:
        """Start nothing: a job or ``ready`` starts the sandbox of each worker."""

    def ready(self) -> dict[str, Any]:
        """Wait until the sandbox is warm on every worker; return what its ``warm_up`` returned.

        Raises ``GraderError`` if a worker can't have the isolation that was asked for, differs from
        the others or has versions that don't fit, and ``InternalError`` if the sandbox can't start.
        """
        with self._warming:
            if self._common is None:
                with self._lasting():
                    said = ask_all(self._client, worker.ready, wire.encode(self._run))
                common = agreed(said)
                require_fitting(common)
                if any(common[name] != self._installed[name] for name in self._installed):
                    raise differs(common, {**common, **self._installed})
                self._remarks = dict(next(iter(said.values()))["remarks"])
                self._common = common
            return dict(self._common["ready"])

    def environment(self) -> str:
        """Return a digest of all that observations depend on: the workers' facts, not ours."""
        return observing_environment(self.ready(), self._remarks, self.machine)

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job; blocks.

        Dask runs a job again whose worker dies, and gives it up after some times. It is then run
        once more while no other job of ours runs, as another may have killed its workers. Raises
        ``JobLostError`` if they die again, and ``GraderError`` if the cluster is lost.
        """
        self.ready()
        with suppress(distributed.KilledWorker), self._cluster_lock.shared():
            return self._submit(job)
        try:
            with self._cluster_lock.exclusive():
                return self._submit(job)
        except distributed.KilledWorker:
            raise JobLostError("every worker of the cluster that ran this died") from None

    @property
    def applied(self) -> dict[str, str]:
        """The layers in force on every worker, with their remarks; known once it is ready."""
        return dict(self._remarks)

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What is not protected on the workers' machines; known once it is ready."""
        return tuple(self._common["unprotected"]) if self._common else ()

    def close(self) -> None:
        """Cancel waiting jobs, end the sandbox on every worker, and disconnect."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            underway = list(self._underway)
        # In a thread with a time limit, because a cluster may hang.
        leaving = threading.Thread(target=self._leave, args=(underway,), daemon=True)
        leaving.start()
        leaving.join(_CLOSE_SECONDS)

    def _leave(self, underway: list[Pending]) -> None:
        # If this fails, the workers end the sandbox by themselves when it has been idle for long.
        if self._client.status == "running":  # not while it looks for a scheduler that is gone
            with suppress(Exception):
                self._client.cancel(underway, force=True)
            with suppress(Exception):
                self._client.run(worker.stop, wire.encode(self._run), on_error="ignore")
        with suppress(Exception):
            self._client.close(_CLOSE_SECONDS)

    def _submit(self, job: Job) -> dict[str, Answer]:
        """Run one job as one task; raises ``KilledWorker``."""
        assert self._common is not None
        order = worker.order_of(job, self._run, worker.facts_digest(self._common))
        with self._lasting():
            held = {
                name: self._hold(wire.encode(challenge))
                for name, challenge in job.request.get("challenges", {}).items()
            }
            future = self._task(worker.perform, order, held)
            try:
                said = self._result(future)
            finally:
                with self._lock:
                    self._underway.discard(future)
        told = read(said, "the cluster")
        if "about" in told:
            raise differs(told["about"], self._common)
        return answers_from_bytes(told["answers"].tobytes())

    def _hold(self, challenge: bytes) -> Pending:
        """Return a challenge's future on the cluster, which all jobs of a check share."""
        digest = sha256(challenge).hexdigest()
        with self._lock:
            held = self._held.get(digest)
            if held is None or held.status in _GONE:
                held = self._held[digest] = self._send(worker.hold, challenge)
            return held

    def _task(self, function: Callable[..., bytes], *arguments: Any) -> Pending:
        with self._lock:
            if self._closed:
                raise InternalError(_CLOSED)
            future = self._send(function, *arguments)
            self._underway.add(future)
            return future

    def _send(self, function: Callable[..., bytes], *arguments: Any) -> Pending:
        key = f"grader-{self._run['run']}-{next(self._numbers)}"
        return self._client.submit(function, *arguments, key=key, pure=False)

    def _result(self, future: Pending) -> bytes:
        """Wait for a task, for as long as the cluster has workers."""
        empty = 0.0
        while True:
            try:
                return bytes(future.result(timeout=_LOOK_SECONDS))
            except distributed.TimeoutError:
                empty = 0.0 if self._client.nthreads() else empty + _LOOK_SECONDS
            if empty >= EMPTY_SECONDS:
                raise nobody()

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        """Turn the errors of a cluster that goes away into ``GraderError`` or ``InternalError``."""
        try:
            yield
        except (GraderError, InternalError):
            raise
        except Exception as error:
            if self._closed:
                raise InternalError(_CLOSED) from None
            if isinstance(error, distributed.KilledWorker):
                raise
            what = "the connection to the Dask scheduler was lost"
            if not isinstance(error, distributed.CancelledError):
                told = printable(f"{type(error).__name__}: {error}", 200)
                what = f"the Dask cluster could not run a program: {told}"
            raise GraderError(
                what,
                "see that scheduler and workers run, with this grader installed; then give the "
                "same command again: it goes on where it stopped",
            ) from error
