"""The sandbox's input and output as frozen data: jobs, limits, answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from grader.sandbox.wire import Bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox.shared_input import SharedInput

# A generous allowance for a task's frames beside the answer, and for a process's first frame.
_OVERHEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Caps:
    """The operating system's limits on one process.

    ``memory_bytes`` comes on top of what the worker held before the fork. ``file_bytes`` limits
    one file, ``disk_bytes`` the whole scratch folder, ``processes`` the processes and threads
    that are added for one user.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    disk_bytes: int
    open_files: int
    processes: int


@dataclass(frozen=True)
class Limits:
    """The limits of a job.

    ``task_seconds`` limits each task's wall-clock time, ``task_cpu_seconds`` some tasks'
    processor time, where the system can. ``answer_bytes`` limits one task's answer
    (``wire.Bounds`` says how much of it may be other than arrays). ``cpu_seconds`` limits the
    whole process and follows from the tasks' limits by default; it ends a process that nobody
    watches any more or that ignores a task's limit.
    """

    task_seconds: Mapping[str, float]
    memory_bytes: int = 4 << 30
    answer_bytes: int = 16 << 20
    cpu_seconds: float | None = None
    file_bytes: int = 64 << 20
    disk_bytes: int = 256 << 20
    open_files: int = 256
    processes: int = 1024
    task_cpu_seconds: Mapping[str, float] = field(default_factory=dict)

    def caps(self, tasks: tuple[str, ...]) -> Caps:
        """Return the operating system's limits for a process that performs ``tasks``."""
        seconds = self.cpu_seconds
        if seconds is None:
            seconds = 10 + sum(
                self.task_cpu_seconds.get(task, 2 * self.task_seconds[task]) for task in tasks
            )
        return Caps(
            memory_bytes=self.memory_bytes,
            cpu_seconds=math.ceil(seconds),
            file_bytes=self.file_bytes,
            disk_bytes=self.disk_bytes,
            open_files=self.open_files,
            processes=self.processes,
        )

    def bounds(self, tasks: int) -> Bounds:
        """Return how much is read from a process that performs this many tasks."""
        return Bounds(
            frame_bytes=self.answer_bytes,
            total_bytes=(self.answer_bytes + _OVERHEAD_BYTES) * (tasks + 1),
        )


@dataclass(frozen=True)
class Job:
    """Tasks to perform in this order on one request; each must have its seconds in ``limits``.

    ``shared`` is the part of the request that other jobs have too, ``payload`` the rest. ``cuda``
    says whether the process may use GPUs; None: if there are any. The last ``optional`` tasks stay
    unanswered when an earlier task ends the process; the others get another process.
    """

    payload: dict[str, Any]
    tasks: tuple[str, ...]
    limits: Limits
    cuda: bool | None = None
    shared: SharedInput | None = None
    optional: int = 0

    @property
    def needed(self) -> tuple[str, ...]:
        """The tasks that must be answered."""
        return self.tasks[: len(self.tasks) - self.optional]

    @property
    def request(self) -> dict[str, Any]:
        """The whole request."""
        return self.payload if self.shared is None else {**self.payload, **self.shared.value}

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a task that is named twice or has no time limit."""
        if len(set(self.tasks)) != len(self.tasks):
            raise ValueError("a task is there twice")
        for task in self.tasks:
            if task not in self.limits.task_seconds:
                raise ValueError(f"task {task!r} has no seconds")


class Fate(Enum):
    """How a task ended; the set is closed."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    GARBLED = "garbled"
    """The worker broke the protocol or wrote more than it may."""
    INTERNAL_ERROR = "internal_error"
    """The grader's fault: ``perform`` raised, or no process could be started."""


@dataclass(frozen=True)
class Answer:
    """The result of one task.

    ``value`` is what ``perform`` returned, None unless the task answered. ``seconds`` is
    wall-clock time, None if the task never began. ``detail`` says in plain English what happened
    instead of an answer; parts of it may come from the worker, so renderers escape it.
    """

    fate: Fate
    value: Any
    seconds: float | None
    detail: str


@dataclass(frozen=True)
class Ended:
    """How a process ended: ``signal`` if it was killed, else the exit status ``code``.

    ``cpu_seconds`` and ``max_rss_bytes`` are 0 where the system does not tell them. ``note`` says
    why no process could be started.
    """

    code: int | None = None
    signal: int | None = None
    cpu_seconds: float = 0.0
    max_rss_bytes: int = 0
    note: str = ""
