"""The functions that run in the worker processes of a Dask cluster.

Dask pickles what it carries. It is given functions of this module, by name, and ``bytes`` in the
sandbox's own wire format, and gives back such bytes, for failures too. So nothing that a student
wrote is ever pickled or unpickled as an object.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.errors import GraderError
from grader.fingerprint import grading_code, installed
from grader.runners.answer_cache import answers_to_bytes
from grader.sandbox import Job, JobLostError, Limits, Workers, wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The sandbox of a run is ended when idle for so long, as the run's own machine may have died.
# Starting it again costs some seconds.
_IDLE_SECONDS = 300.0


class _Kept:
    """One run's sandbox workers in this process; they are ended when they have been idle."""

    def __init__(self, entry: str, isolation: str) -> None:
        self._entry = entry
        self._isolation = isolation
        self._lock = threading.Lock()
        self._workers: Workers | None = None
        self._users = 0
        self._timer: threading.Timer | None = None
        self._closed = False

    @contextmanager
    def borrowed(self) -> Iterator[Workers]:
        """Yield the workers, started if they are not, to one of several threads."""
        with self._lock:
            if self._closed:
                raise GraderError("the run is over")
            if self._workers is None:
                self._workers = Workers(self._entry, isolation=self._isolation)
            workers = self._workers
            self._users += 1
            if self._timer is not None:
                self._timer.cancel()
        try:
            yield workers
        finally:
            with self._lock:
                self._users -= 1
                if not self._users and not self._closed:
                    self._timer = threading.Timer(_IDLE_SECONDS, self._rest)
                    self._timer.daemon = True
                    self._timer.start()

    def close(self) -> None:
        """End the workers for good; jobs that still run raise."""
        with self._lock:
            self._closed = True
            workers, self._workers = self._workers, None
            if self._timer is not None:
                self._timer.cancel()
        if workers is not None:
            workers.close()

    def _rest(self) -> None:
        with self._lock:
            if self._users or self._workers is None:
                return
            workers, self._workers = self._workers, None
            workers.close()


_lock = threading.Lock()
# By run: several graders may use one cluster at a time. A run that is over stays here, closed, so
# that a late job of it starts nothing.
_kept: dict[str, _Kept] = {}


def about() -> bytes:
    """Return what is installed here; PyTorch is not started."""
    return wire.encode({"about": _about()})


async def ready(order: bytes) -> bytes:
    """Return what is installed here and what the sandbox workers say of themselves, once warm.

    This is not a task, so that it needs no free thread, and it does not block the event loop.
    """
    return await asyncio.to_thread(_ready, order)


async def stop(order: bytes) -> None:
    """End a run's sandbox workers in this process."""
    kept = _of(wire.decode(order, wire.TRUSTED))
    await asyncio.to_thread(kept.close)


def hold(challenge: bytes) -> bytes:
    """Return a challenge; as a task's result, Dask sends it to each machine once.

    If the machines that hold it die, Dask runs this task again.
    """
    return challenge


def perform(order: bytes, challenges: Mapping[str, bytes]) -> bytes:
    """Run one job in this process's sandbox workers and return its answers, or what went wrong."""
    try:
        asked = wire.decode(order, wire.TRUSTED)
        with _of(asked).borrowed() as workers:
            # This process may have joined after the others were asked.
            here = _all_about(workers)
            if asked["expected"] != facts_digest(here):
                return wire.encode({"about": here})
            answers = answers_to_bytes(workers.run(_job(asked, challenges)))
    except Exception as error:  # noqa: BLE001 - any error is sent as bytes
        return _trouble(error)
    return wire.encode({"answers": np.frombuffer(answers, np.uint8)})


def order_of(job: Job, run: Mapping[str, Any], expected: str) -> bytes:
    """Return a job as bytes, without its challenges.

    ``run`` names the run, its entry and its isolation; ``expected`` is the ``facts_digest`` of what
    a worker must say of itself.
    """
    limits = {
        **vars(job.limits),
        "task_seconds": dict(job.limits.task_seconds),
        "task_cpu_seconds": dict(job.limits.task_cpu_seconds),
    }
    payload = {name: value for name, value in job.payload.items() if name != "challenges"}
    return wire.encode(
        {
            **run,
            "expected": expected,
            "payload": payload,
            "tasks": job.tasks,
            "limits": limits,
            "cuda": job.cuda,
            "along": job.optional,
        }
    )


def ours() -> dict[str, Any]:
    """Return the versions that both ends must have in common."""
    return {"grader": grading_code(), "distributed": metadata.version("distributed")}


def facts_digest(about: Mapping[str, Any]) -> str:
    """Return a digest of what a worker says of itself."""
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _job(asked: Mapping[str, Any], challenges: Mapping[str, bytes]) -> Job:
    payload = dict(asked["payload"])
    payload["challenges"] = {
        name: wire.decode(data, wire.TRUSTED) for name, data in challenges.items()
    }
    return Job(
        payload,
        tuple(asked["tasks"]),
        Limits(**asked["limits"]),
        asked["cuda"],
        optional=asked["along"],
    )


def _ready(order: bytes) -> bytes:
    try:
        with _of(wire.decode(order, wire.TRUSTED)).borrowed() as workers:
            about, remarks = _all_about(workers), workers.applied
    except Exception as error:  # noqa: BLE001 - any error is sent as bytes
        return _trouble(error)
    return wire.encode({"about": about, "remarks": remarks})


def _of(asked: Mapping[str, Any]) -> _Kept:
    with _lock:
        return _kept.setdefault(asked["run"], _Kept(asked["entry"], asked["isolation"]))


def _about() -> dict[str, Any]:
    return {**ours(), "machine": installed()}


def _all_about(workers: Workers) -> dict[str, Any]:
    """Return all facts that observations may depend on, and what is not protected."""
    said = workers.ready()
    return {
        **_about(),
        "ready": said,
        "layers": sorted(workers.applied),
        "unprotected": list(workers.unprotected),
    }


def _trouble(error: Exception) -> bytes:
    hint = error.hint if isinstance(error, GraderError) else None
    kind = "user" if isinstance(error, GraderError) else "internal"
    if isinstance(error, JobLostError):
        kind = "lost"
    message = str(error) or type(error).__name__
    return wire.encode({"trouble": kind, "message": message, "hint": hint})
