"""The trusted side where processes can't be forked: it spawns a process for every order.

Not every platform can wait for a pipe with a time limit, so three threads wait: one writes the
order, one reads the output, one waits for the end.
"""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from grader.sandbox import scratch
from grader.sandbox.environment import worker_command, worker_environment
from grader.sandbox.model import Ended
from grader.sandbox.processes import kill_group
from grader.sandbox.run_job import WorkerLost
from grader.sandbox.single import LENGTH
from grader.sandbox.stderr import tail

if TYPE_CHECKING:
    from grader.sandbox.child_order import Order

_CHUNK_BYTES = 1 << 16
_WAIT_SECONDS = 0.01
_CHUNKS_WAITING = 64
_REACT_SECONDS = 20.0
# How long the pipe of a dead process may stay silent; a descendant may hold it open.
_SILENCE_SECONDS = 0.2


class SpawnServer:
    """Spawns worker processes; thread-safe."""

    def __init__(self, entry: str, _layers: tuple[str, ...] = ()) -> None:
        """Keep the entry; nothing runs yet."""
        self._entry = entry
        self._root = scratch.make()
        self._lock = threading.Lock()
        self._running: set[SpawnedProcess] = set()
        self._closed = False

    def start(self, order: Order) -> SpawnedProcess:
        """Spawn a process for an order; raises ``WorkerLost``."""
        try:
            folder = scratch.make(self._root)
            data = replace(order, scratch=folder).encode()
            process = SpawnedProcess(self, self._entry, self._root, folder, data)
        except OSError as error:
            raise WorkerLost(f"no process could be started: {error}") from None
        with self._lock:
            self._running.add(process)
            closed = self._closed
        if closed:
            process.stop(0.0)
            raise WorkerLost("closed")
        return process

    def forget(self, process: SpawnedProcess) -> None:
        """Forget a process that has ended."""
        with self._lock:
            self._running.discard(process)

    def stderr_tail(self) -> str:
        """Return nothing: each process has its own standard error."""
        return ""

    def close(self) -> None:
        """Kill all processes and remove all scratch folders."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for process in running:
            process.kill()
        scratch.remove(self._root)


class SpawnedProcess:
    """One worker process, used by one thread."""

    def __init__(
        self, server: SpawnServer, entry: str, root: str, folder: str, data: bytes
    ) -> None:
        """Start it and the threads that wait for it."""
        self._server = server
        self._folder = folder
        self._events: queue.Queue[bytes | Ended] = queue.Queue(_CHUNKS_WAITING)
        self._lock = threading.Lock()
        self._waited_for = False
        self._enough = threading.Event()
        self._how_it_ended = Ended()
        self._end: Ended | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in stop()
        self._process = subprocess.Popen(  # noqa: S603  # our own command line
            worker_command("single", entry, root),
            env=worker_environment(root),
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        self._waiter = threading.Thread(target=self._wait, daemon=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._feeder = threading.Thread(target=self._feed, args=(data,), daemon=True)
        for thread in (self._waiter, self._reader, self._feeder):
            thread.start()

    def next(self, timeout: float) -> bytes | Ended | None:
        """Wait for its output, then for its end; see ``run_job.Process``."""
        if self._end is None:
            try:
                event = self._events.get(timeout=timeout) if timeout else self._events.get_nowait()
            except queue.Empty:
                return None
            if not isinstance(event, Ended):
                return event
            self._end = event
        return self._end

    def stop(self, patience: float) -> None:
        """Let it end or kill it, and remove what it left; see ``run_job.Process``."""
        try:
            if not self._gone(patience):
                self._enough.set()
                self.kill()
                if not self._gone(_REACT_SECONDS):
                    raise WorkerLost("a worker process can't be killed")
            for thread in (self._waiter, self._reader, self._feeder):
                thread.join()
        finally:
            for pipe in (self._process.stdin, self._process.stdout, self._errors):
                if pipe:
                    pipe.close()
            scratch.remove(self._folder)
            self._server.forget(self)

    def kill(self) -> None:
        """Kill the process and its group."""
        with self._lock:
            if self._waited_for:
                return
            if sys.platform == "win32":
                self._process.kill()
            else:
                kill_group(self._process.pid)

    @property
    def cpu_seconds(self) -> float:
        """The processor time it took; see ``run_job.Process``."""
        return self._how_it_ended.cpu_seconds if self._how_it_ended is not None else 0.0

    def stderr_tail(self) -> str:
        """Return the end of the process's standard error."""
        return tail(self._errors)

    def _gone(self, patience: float) -> bool:
        """Wait for the end, discard the output; False after ``patience`` seconds."""
        deadline = time.monotonic() + patience
        while self._end is None:
            left = deadline - time.monotonic()
            if left < 0:
                return False
            self.next(left)
        return True

    def _feed(self, data: bytes) -> None:
        """Write the order and leave the pipe open: the worker ends when it closes."""
        pipe = self._process.stdin
        rest = memoryview(LENGTH.pack(len(data)) + data)
        with suppress(OSError):  # it died before it had read all
            while pipe and rest:
                rest = rest[pipe.write(rest) or 0 :]

    def _read(self) -> None:
        """Queue the output and then the process's end."""
        pipe = self._process.stdout
        while pipe and self._may_read(pipe.fileno()):
            chunk = os.read(pipe.fileno(), _CHUNK_BYTES)
            if not chunk:
                break
            self._events.put(chunk)
        self._waiter.join()
        self._events.put(self._how_it_ended)

    def _may_read(self, descriptor: int) -> bool:
        """Wait for output; False if the process is gone and the pipe stays silent."""
        if sys.platform == "win32":
            return True  # descendants do not inherit this pipe
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while True:
            over = not self._waiter.is_alive()
            if over and self._enough.is_set():
                return False
            if poll.poll(_SILENCE_SECONDS * 1000):
                return True
            if over:
                return False

    def _wait(self) -> None:
        """Wait for the process; kill the rest of its group."""
        if sys.platform == "win32":
            self._how_it_ended = Ended(code=self._process.wait())
            return
        pid = self._process.pid
        while not self._waited_for:
            time.sleep(_WAIT_SECONDS)
            with self._lock:
                done, status, usage = os.wait4(pid, os.WNOHANG)
                self._waited_for = done == pid
        # The group keeps its number as long as it has members. An empty group's number is unused
        # unless the system gave it away since the line above.
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(status)
        self._process.returncode = code
        self._how_it_ended = Ended(
            code=code if code >= 0 else None,
            signal=-code if code < 0 else None,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            max_rss_bytes=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        )
