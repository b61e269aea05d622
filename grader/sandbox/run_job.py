"""Runs a job in as many worker processes as it needs, forked or spawned."""

from __future__ import annotations

import time
from typing import Protocol

from grader.sandbox.child_order import Order
from grader.sandbox.frames import FrameReader, new_token
from grader.sandbox.model import Answer, Ended, Job, Limits
from grader.sandbox.progress import JobProgress
from grader.sandbox.wire import WireError

# How long a process that has answered everything may take to end by itself.
_LEAVE_SECONDS = 2.0
# The least share of the clock's time that a process which computes gets on a busy machine.
_COMPUTES = 0.03
_MOST_TIMES = 10.0


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

    @property
    def cpu_seconds(self) -> float:
        """The processor time it took, once it was stopped; 0 where that is not known."""


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
) -> tuple[dict[str, Answer], dict[str, float]]:
    """Return an answer for every task that the job needs, in the job's order, and what starved.

    A task that does not answer ends its process; the tasks after it get a fresh process. Raises
    ``WorkerLost``.
    """
    answers: dict[str, Answer] = {}
    starved: dict[str, float] = {}
    rest = job.tasks
    while rest:
        progress = run_once(server, job, rest, layers, needed)
        answers |= progress.answers
        starved |= starving(progress.overran, progress.cpu_seconds, job.limits)
        rest = tuple(task for task in job.needed if task not in answers)
    return answers, starved


def starving(overran: str, used: float, limits: Limits) -> dict[str, float]:
    """Return the task that a busy machine kept from its end, with the seconds to give it alone.

    ``overran`` is the task that the clock ended, if any, and ``used`` its process's processor
    time. Whatever computes all the time comes to its limit of processor time first, unless others
    take the processor; what only sleeps does not starve. Alone it is given the time in which it
    would have come to that limit.
    """
    allowed = limits.task_cpu_seconds.get(overran)
    seconds = limits.task_seconds.get(overran, 0.0)
    if allowed is None or used < _COMPUTES * seconds:
        return {}
    return {overran: seconds * max(2.0, min(_MOST_TIMES, 2 * allowed / used))}


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
    progress.cpu_seconds = process.cpu_seconds
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
