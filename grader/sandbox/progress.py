"""Derives the tasks' answers from a worker process's frames and its end."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from grader.sandbox import wire
from grader.sandbox.frames import Frame, FrameKind
from grader.sandbox.model import Answer, Ended, Fate, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox.model import Caps

# Until the process is locked down and ready. No submission runs yet, but torch may be imported
# from a slow network drive.
START_SECONDS = 300.0
# Until the first task begins; only our own code runs.
FIRST_SECONDS = 30.0
# From one answer until the next task begins, which takes microseconds. On a machine that is too
# busy the remaining tasks are run again, which costs only time.
NEXT_SECONDS = 2.0


class JobProgress:
    """The answers so far; the caller passes in times and events.

    ``answers`` holds the answers by task, ``started`` what the worker reported before the first
    task. ``done`` says that there is nothing more to wait for, ``trouble`` why if some task has no
    answer. ``deadline`` is the time at which waiting ends.
    """

    def __init__(self, tasks: tuple[str, ...], limits: Limits, now: float) -> None:
        """Wait for the process to start."""
        self.answers: dict[str, Answer] = {}
        self.started: Mapping[str, Any] | None = None
        self.trouble = ""
        self.done = False
        self.overran = ""  # the task that the clock ended
        self.cpu_seconds = 0.0  # of the whole process
        self.deadline = now + START_SECONDS
        self._tasks = tasks
        self._limits = limits
        self._bounds = limits.bounds(len(tasks))
        self._since: float | None = None

    def frame(self, frame: Frame, now: float) -> None:
        """Handle one frame; a frame out of turn breaks the protocol."""
        number = len(self.answers)
        if self._since is not None and frame.task == number:
            self._reply(frame, now)
        elif frame.kind is FrameKind.STARTED and self.started is None:
            self._start(frame, now)
        elif frame.kind is FrameKind.FAILED and self.started is None:
            self._end(Fate.INTERNAL_ERROR, self._text(frame), now)
        elif frame.kind is FrameKind.BEGIN and self.started is not None and frame.task == number:
            self._since = now
            self.deadline = now + self._limits.task_seconds[self._tasks[number]]
        else:
            self.garbled("a frame came out of turn", now)

    def garbled(self, why: str, now: float) -> None:
        """Note that the process broke the protocol."""
        self._end(Fate.GARBLED, why, now)

    def overrun(self, now: float) -> None:
        """Note that the deadline has passed."""
        if self._since is None:
            self._end(Fate.INTERNAL_ERROR, "the worker did not get ready", now)
        else:
            self.overran = self._tasks[len(self.answers)]
            seconds = self._limits.task_seconds[self.overran]
            self._end(Fate.TIMEOUT, f"still running after {seconds:g} s", now)

    def ended(self, ended: Ended, now: float) -> None:
        """Note that the process is gone."""
        caps = self._limits.caps(self._tasks)
        name = "" if ended.signal is None else _name(ended.signal)
        # The kernel's two ways of counting processor time differ a little.
        spent = ended.cpu_seconds >= 0.9 * caps.cpu_seconds
        if ended.note:
            self._end(Fate.INTERNAL_ERROR, ended.note, now)
        elif ended.signal is None:
            self._end(Fate.CRASHED, f"exited with status {ended.code} before answering", now)
        elif name == "SIGXCPU" or (name == "SIGKILL" and spent):
            used = caps.cpu_seconds if spent else self._cpu_seconds(caps)
            self._end(Fate.TIMEOUT, f"used {used:g} s of processor time", now)
        elif name == "SIGKILL" and ended.max_rss_bytes >= self._limits.memory_bytes // 2:
            self._end(Fate.OUT_OF_MEMORY, "killed by the system while memory was short", now)
        else:
            self._end(Fate.CRASHED, f"signal {name}", now)

    def _cpu_seconds(self, caps: Caps) -> float:
        """Return the processor time that the task in progress may take."""
        if self._since is None:
            return caps.cpu_seconds
        task = self._tasks[len(self.answers)]
        return self._limits.task_cpu_seconds.get(task, caps.cpu_seconds)

    def _start(self, frame: Frame, now: float) -> None:
        self.started = self._decoded(frame, now)
        self.done = self.done or not self._tasks
        self.deadline = now + FIRST_SECONDS

    def _reply(self, frame: Frame, now: float) -> None:
        """Handle the result of the task in progress."""
        if frame.kind is FrameKind.ANSWER:
            limit = self._limits.task_seconds[self._tasks[len(self.answers)]]
            value = self._decoded(frame, now)
            if not self.done:
                self._settle(Answer(Fate.ANSWERED, value, self._seconds(now), ""))
                self.done = len(self.answers) == len(self._tasks)
                # A submission may stall here too, so the task's limit holds here too.
                self.deadline = now + min(NEXT_SECONDS, limit)
        elif frame.kind is FrameKind.FAILED:
            self._end(Fate.INTERNAL_ERROR, self._text(frame), now)
        elif frame.kind is FrameKind.NO_MEMORY:
            self._end(Fate.OUT_OF_MEMORY, "no memory was left", now)
        else:
            self.garbled("a frame came out of turn", now)

    def _end(self, fate: Fate, detail: str, now: float) -> None:
        """Stop waiting; the task in progress gets the fate.

        Before the first task only our own code has run, so it is an internal error. Between two
        tasks no task is at fault, and the remaining tasks are run again.
        """
        self.done = True
        self.trouble = detail
        if self._since is not None:
            self._settle(Answer(fate, None, self._seconds(now), detail))
        elif not self.answers and self._tasks:
            detail = f"no task could begin: {detail}"
            self._settle(Answer(Fate.INTERNAL_ERROR, None, None, detail))

    def _settle(self, answer: Answer) -> None:
        self.answers[self._tasks[len(self.answers)]] = answer
        self._since = None

    def _seconds(self, now: float) -> float | None:
        return None if self._since is None else now - self._since

    def _decoded(self, frame: Frame, now: float) -> Any:
        try:
            return wire.decode(frame.body, self._bounds)
        except wire.WireError as error:
            self.garbled(str(error), now)
            return None

    def _text(self, frame: Frame) -> str:
        try:
            return str(wire.decode(frame.body, self._bounds))
        except wire.WireError as error:
            return f"unreadable: {error}"


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
