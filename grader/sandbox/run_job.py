"""Runs a job in as many worker processes as it needs, forked or spawned."""

from __future__ import annotations

import time
from typing import Protocol

from grader.sandbox.child_order import Order
from grader.sandbox.frames import FrameReader, new_token
from grader.sandbox.model import Answer, Ended, Job
from grader.sandbox.progress import JobProgress
from grader.sandbox.wire import WireError

# How long a process that has answered everything may take to end by itself.
_LEAVE_SECONDS = 2.0


class WorkerLost(Exception):  # noqa: N818  # not always an error: the server may be closing
    """The server that starts processes is gone or does not react; a new one may work."""


class Process(Protocol):
    """One started worker process, as seen from the trusted side."""

    def next(self, timeout: float) -> bytes | Ended | None:
        """Return its next output, finally its end; None after ``timeout`` seconds.

        Raises ``WorkerLost``.
        """

    def stop(self, patience: float) -> None:
        """Let it end by itself for ``patience`` seconds, then kill it; remove what it left.

        Raises ``WorkerLost``.
        """

    def stderr_tail(self) -> str:
        """Return the end of its standard error, or of its server's."""


class Server(Protocol):
    """Starts worker processes."""

    def start(self, order: Order) -> Process:
        """Start a process in a new scratch folder; raises ``WorkerLost``."""

    def stderr_tail(self) -> str:
        """Return the end of its standard error."""

    def close(self) -> None:
        """Kill all processes and remove their scratch folders."""


def run_job(
    server: Server, job: Job, layers: tuple[str, ...], needed: tuple[str, ...]
) -> dict[str, Answer]:
    """Return an answer for every task that the job needs, in the job's order.

    A task that does not answer ends its process; the tasks after it get a fresh process. Raises
    ``WorkerLost``.
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
    """Perform the tasks in one process until one does not answer; raises ``WorkerLost``.

    At least the first task, if any, has an answer afterwards.
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
        shared=job.shared,
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
            progress.trouble += "\n" + process.stderr_tail()
    finally:
        process.stop(patience)
    return progress


def _take(process: Process, reader: FrameReader, progress: JobProgress) -> None:
    """Wait for the next event and pass it to ``progress``."""
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
