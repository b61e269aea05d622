"""Takes a job through as many worker processes as it needs, whatever starts them."""

from __future__ import annotations

import time
from typing import Protocol

from grader.sandbox.child_order import Order
from grader.sandbox.frames import FrameReader, new_token
from grader.sandbox.model import Answer, Ended, Job
from grader.sandbox.progress import JobProgress
from grader.sandbox.wire import WireError

# How long a process that has nothing left to do may take to end by itself.
_LEAVE_SECONDS = 2.0


class WorkerLost(Exception):  # noqa: N818  # not always an error: the server may be closing
    """Whatever starts processes is gone or does not react; another one may do better."""


class Process(Protocol):
    """One started worker process, as seen from the trusted side."""

    def next(self, timeout: float) -> bytes | Ended | None:
        """Wait for what it writes, then for its end; None after ``timeout`` seconds.

        Everything it wrote before its end comes before its end. Raises ``WorkerLost``.
        """

    def stop(self, patience: float) -> None:
        """Let it end by itself for so many seconds, then kill it; leave nothing of it.

        Raises ``WorkerLost``.
        """

    def last_words(self) -> str:
        """Return the end of what it, or who started it, wrote to standard error."""


class Server(Protocol):
    """Something that starts worker processes."""

    def start(self, order: Order) -> Process:
        """Start one, in a scratch folder of its own; raises ``WorkerLost``."""

    def last_words(self) -> str:
        """Return the end of what it wrote to standard error."""

    def close(self) -> None:
        """Kill what still runs and remove what was made."""


def run_job(
    server: Server, job: Job, layers: tuple[str, ...], needed: tuple[str, ...]
) -> dict[str, Answer]:
    """Return an answer for every task that the job needs, in its order.

    A task that does not answer ends its process; the tasks after it get a fresh one, so that
    none of them pays for it. Raises ``WorkerLost``.
    """
    answers: dict[str, Answer] = {}
    rest = job.tasks
    while rest:
        answers |= run_once(server, job, rest, layers, needed).answers
        rest = tuple(task for task in job.needed if task not in answers)
    return answers


def run_once(
    server: Server,
    job: Job,
    tasks: tuple[str, ...],
    layers: tuple[str, ...],
    needed: tuple[str, ...] = (),
) -> JobProgress:
    """Have one process perform the tasks, as far as it gets; raises ``WorkerLost``.

    Settles at least one task if there are any.
    """
    caps = job.limits.caps(tasks)
    cpu = tuple(job.limits.task_cpu_seconds.get(task) for task in tasks)
    order = Order(
        new_token(),
        job.payload,
        tasks,
        layers,
        caps,
        needed,
        job.cuda,
        common=job.common,
        cpu_seconds=cpu,
    )
    reader = FrameReader(order.token, job.limits.bounds(len(tasks)))
    process = server.start(order)
    patience = 0.0
    try:
        progress = JobProgress(tasks, job.limits, time.monotonic())
        while not progress.done:
            _take(process, reader, progress)
        if not progress.trouble:
            patience = _LEAVE_SECONDS
        if progress.started is None:
            progress.trouble += "\n" + process.last_words()
    finally:
        process.stop(patience)
    return progress


def _take(process: Process, reader: FrameReader, progress: JobProgress) -> None:
    """Wait for the next thing that happens and tell ``progress``."""
    event = process.next(max(0.0, progress.deadline - time.monotonic()))
    now = time.monotonic()
    if event is None:
        progress.overrun(now)
    elif isinstance(event, Ended):
        progress.ended(event, now)
    else:
        try:
            for frame in reader.feed(event):
                progress.frame(frame, now)
                if progress.done:
                    return
        except WireError as error:
            progress.garbled(str(error), now)
