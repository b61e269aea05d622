"""What the sandbox is asked and what it says: plain frozen data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from grader.sandbox.wire import Bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox.shared_input import Common

# What a task's frames take beside the answer itself, and a process's first frame: ample.
_OVERHEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Caps:
    """What the operating system is told to hold one process to.

    ``memory_bytes`` counts what the process takes on top of what the worker held already;
    ``file_bytes`` holds for one file, ``disk_bytes`` for all in the scratch folder together;
    ``processes`` how many processes and threads of one user it may add.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    disk_bytes: int
    open_files: int
    processes: int


@dataclass(frozen=True)
class Limits:
    """What a job may take.

    ``task_seconds`` gives each task its wall clock, ``task_cpu_seconds`` some of them a limit on
    processor time that is met sooner, where the system has one; ``answer_bytes`` bounds one task's
    answer (``wire.Bounds`` says how much of it may be other than arrays). ``cpu_seconds`` is for
    the whole process; without it, it follows from the tasks' (it is there for a process that
    nobody watches any more, or that takes no notice of a task's limit).
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
        """Return the operating system's limits for a process that handles ``tasks``."""
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
        """Return what is read from a process that handles this many tasks."""
        return Bounds(
            frame_bytes=self.answer_bytes,
            total_bytes=(self.answer_bytes + _OVERHEAD_BYTES) * (tasks + 1),
        )


@dataclass(frozen=True)
class Job:
    """Tasks to perform in this order on one request; each must have its seconds in ``limits``.

    ``common`` is the part of the request that other jobs have too, ``payload`` the rest. ``cuda``
    says whether GPUs are let through; None lets through what there is. The last ``along`` tasks are
    not worth a process of their own: they go unanswered where one before them ends the process.
    """

    payload: dict[str, Any]
    tasks: tuple[str, ...]
    limits: Limits
    cuda: bool | None = None
    common: Common | None = None
    along: int = 0

    @property
    def needed(self) -> tuple[str, ...]:
        """The tasks that are answered in any case."""
        return self.tasks[: len(self.tasks) - self.along]

    @property
    def request(self) -> dict[str, Any]:
        """The whole request."""
        return self.payload if self.common is None else {**self.payload, **self.common.value}

    def __post_init__(self) -> None:
        """Refuse a job that could not be watched or answered."""
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
    """It broke the protocol, or said too much."""
    INTERNAL_ERROR = "internal_error"
    """The grader's fault: ``perform`` raised, or no process could be had."""


@dataclass(frozen=True)
class Answer:
    """What came of one task.

    ``value`` is what ``perform`` returned if it answered, else None. ``seconds`` is wall clock,
    None if the task never began. ``detail`` says in plain English what happened instead of an
    answer; parts of it may come from the worker, so renderers escape it.
    """

    fate: Fate
    value: Any
    seconds: float | None
    detail: str


@dataclass(frozen=True)
class Ended:
    """How a process ended, as its parent saw it: ``signal`` if it was killed, else ``code``.

    ``cpu_seconds`` and ``max_rss_bytes`` are 0 where they can't be had. ``note`` says why there
    was no process at all.
    """

    code: int | None = None
    signal: int | None = None
    cpu_seconds: float = 0.0
    max_rss_bytes: int = 0
    note: str = ""
