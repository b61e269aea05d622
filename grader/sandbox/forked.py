"""The trusted side of the fork server: starts it, asks it for children, reads their answers."""

from __future__ import annotations

import errno
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import IO, TYPE_CHECKING

from grader.sandbox import scratch
from grader.sandbox.child_monitor import Ceiling
from grader.sandbox.environment import worker_command, worker_environment
from grader.sandbox.model import Ended
from grader.sandbox.run_job import WorkerLost
from grader.sandbox.stderr import tail

if sys.platform == "linux":
    import fcntl

if TYPE_CHECKING:
    from grader.sandbox.child_order import Order

_PIPE_BYTES = 1 << 20
# The server reacts within milliseconds; after so many seconds it counts as lost.
_REACT_SECONDS = 20.0
_CLOSE_SECONDS = 5.0
_LOOK_SECONDS = 0.25


class ForkServer:
    """One running fork server; thread-safe."""

    def __init__(self, entry: str, layers: tuple[str, ...] = ()) -> None:
        """Start it without waiting for its warm-up.

        The server applies only the namespaces of ``layers``; its children apply the rest.
        """
        extra = "namespaces" if "namespaces" in layers else ""
        self._root = scratch.make()
        self._numbers = count(1)
        self._asked = False
        self._lock = threading.Lock()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_REACT_SECONDS)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own command line
                worker_command("zygote", entry, self._root, theirs.fileno(), extra),
                env=worker_environment(self._root),
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl-C reaches only us, and we close the server
            )

    def start(self, order: Order) -> ForkedProcess:
        """Fork a child for an order; raises ``WorkerLost``."""
        try:
            folder = scratch.make(self._root)
        except OSError as error:
            raise WorkerLost(f"no scratch folder: {error}") from None
        number, self._asked = next(self._numbers), True
        payload = _file_of(replace(order, scratch=folder).encode(whole=False))
        results, theirs = os.pipe()
        status, reports = os.pipe()
        process = ForkedProcess(self, number, folder, results, status, order.caps.disk_bytes)
        try:
            shared = () if order.shared is None else (order.shared.descriptor,)
            message = f"run {number} {_ceiling(order).words()}"
            self.send(message, (payload, theirs, reports, *shared))
        except WorkerLost:
            process.discard()
            raise
        finally:
            for descriptor in (payload, theirs, reports):
                os.close(descriptor)
        return process

    def send(self, message: str, descriptors: tuple[int, ...] = ()) -> None:
        """Send the server a message; raises ``WorkerLost``."""
        try:
            with self._lock:
                socket.send_fds(self._control, [message.encode()], descriptors)
        except OSError as error:
            raise WorkerLost(f"the fork server is gone: {error}") from None

    def stderr_tail(self) -> str:
        """Return the end of the server's standard error."""
        with self._lock:  # another thread may close it
            return tail(self._errors)

    def close(self) -> None:
        """End the server and its children and remove all scratch folders."""
        with self._lock:
            self._control.close()
        if not self._asked:  # it may still be importing, and has no children
            self._process.kill()
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._lock:
            self._errors.close()
        scratch.remove(self._root)

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid


class ForkedProcess:
    """One child of the fork server, used by one thread."""

    def __init__(
        self,
        server: ForkServer,
        number: int,
        folder: str,
        results: int,
        status: int,
        disk_bytes: int,
    ) -> None:
        """Watch child ``number`` through its two pipes and its scratch folder."""
        self._disk_bytes = disk_bytes
        self._looked = time.monotonic()
        self._server = server
        self._number = number
        self._folder = folder
        self._results = results
        self._status = status
        self._ended: Ended | None = None
        self._poll = select.poll()
        for descriptor in (results, status):
            self._poll.register(descriptor, select.POLLIN)
        os.set_blocking(results, False)
        with suppress(OSError):  # the system limits a user's large pipes
            fcntl.fcntl(results, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def next(self, timeout: float) -> bytes | Ended | None:
        """Wait for its output, then for its end; see ``run_job.Process``."""
        deadline = time.monotonic() + timeout
        while self._ended is None:
            left = max(0.0, deadline - time.monotonic())
            ready = {
                descriptor for descriptor, _ in self._poll.poll(min(left, _LOOK_SECONDS) * 1000)
            }
            self._look_at_disk()
            if self._results in ready:
                chunk = self._read()
                if chunk:
                    return chunk
                if chunk is not None:  # it closed its end, but has not ended
                    self._poll.unregister(self._results)
            elif self._status in ready:
                self._ended = self._report()
            elif time.monotonic() >= deadline:
                return None
        # An escaped descendant may hold the pipe open for ever: take what is there.
        return self._read() or self._ended

    def stop(self, patience: float) -> None:
        """Let it end or kill it, and remove what it left; see ``run_job.Process``."""
        try:
            if not self._gone(patience):
                self._server.send(f"kill {self._number}")
                if not self._gone(_REACT_SECONDS):
                    raise WorkerLost("the fork server does not react")
        finally:
            self.discard()

    def discard(self) -> None:
        """Close the pipes and remove the scratch folder."""
        os.close(self._results)
        os.close(self._status)
        scratch.remove(self._folder)

    def stderr_tail(self) -> str:
        """Return the end of the server's standard error."""
        return self._server.stderr_tail()

    @property
    def cpu_seconds(self) -> float:
        """See ``run_job.Process``."""
        return self._ended.cpu_seconds if self._ended else 0.0

    def _gone(self, patience: float) -> bool:
        """Wait for the end, discard the output; False after ``patience`` seconds."""
        deadline = time.monotonic() + patience
        while self._ended is None:
            left = deadline - time.monotonic()
            if left < 0:
                return False
            self.next(left)
        return True

    def _look_at_disk(self) -> None:
        """Every ``_LOOK_SECONDS``, kill the child if its folder holds too many files or bytes.

        A folder mounted in the child's own namespace looks empty from here; its size is limited.
        """
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            if scratch.exceeds(self._folder, self._disk_bytes):
                self._server.send(f"kill {self._number}")
            self._looked = time.monotonic()

    def _read(self) -> bytes | None:
        """Return what is in the pipe, ``b""`` if it is closed, None if it is empty."""
        try:
            return os.read(self._results, _PIPE_BYTES)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise

    def _report(self) -> Ended:
        if not (report := os.read(self._status, 4096)):
            raise WorkerLost("the fork server died")
        return Ended(**json.loads(report))


def _ceiling(order: Order) -> Ceiling:
    """Return the limits that the server enforces on the child.

    Where the layer "disk" is in force, the scratch folder's size counts unlinked files too.
    """
    caps = order.caps
    unlinked = -1 if "disk" in order.needed else caps.disk_bytes
    return Ceiling(caps.memory_bytes, caps.processes, unlinked, caps.file_bytes)


def _file_of(data: bytes) -> int:
    """Return a descriptor of an anonymous file in memory that holds ``data``."""
    with os.fdopen(os.memfd_create("order", os.MFD_CLOEXEC), "wb") as file:
        file.write(data)
        file.flush()
        return os.dup(file.fileno())
