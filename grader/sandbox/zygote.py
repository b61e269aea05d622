"""The fork server: warms up once, then forks one child per order.

It never reads an order, which would stay in the memory of every later child. A message on the
control socket is a verb and a child's number, "run 7" or "kill 7". "run" is followed by the numbers
of a ``Ceiling`` and comes with descriptors for the order, for the answers, for the report on the
child's end and, if there is one, for the shared input. When the control socket ends, all children
and this process end.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox import child, scratch
from grader.sandbox.child_monitor import LOOK_SECONDS, Ceiling, ChildMonitor
from grader.sandbox.entry import WorkerEntry, close_package, load_entry
from grader.sandbox.huge_pages import collapse_into_huge_pages
from grader.sandbox.layers import prepare_layers
from grader.sandbox.processes import kill_group, kill_strangers
from grader.sandbox.shared_input import read_shared_input
from grader.sandbox.syscall import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, prctl

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTORS = 4
MESSAGE_BYTES = 128
# The number of forks at which memory is moved to huge pages; one notebook needs two or three.
_MANY = 8


def main(entry_name: str, root: str, control: int) -> None:
    """Warm up and serve until the trusted process closes its end or dies."""
    # Not closed on failure: the process's end closes it, after the traceback has been written.
    connection = socket.socket(fileno=control)
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # adopt the processes that a submission leaves behind
    prctl(PR_SET_DUMPABLE, 0)
    entry = load_entry(entry_name)
    warm = entry.warm_up()
    close_package()
    prepare_layers()
    _insist_on_one_thread()
    gc.freeze()  # a collection in a child would copy pages that the children share
    _Server(connection, entry, warm).serve()
    connection.close()
    scratch.remove(root)


def _insist_on_one_thread() -> None:
    """Refuse to fork beside other threads, whose locks a child would inherit locked."""
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208  # a count, no paths
    except OSError:
        return
    if threads != 1:
        raise RuntimeError(f"warm_up left {threads - 1} threads running; forking is not safe")


class _Server:
    """The running children: by process id their number and their status pipe."""

    def __init__(self, control: socket.socket, entry: WorkerEntry, warm: dict[str, Any]) -> None:
        self._control = control
        self._entry = entry
        self._warm = warm
        self._pid = os.getpid()
        self._running: dict[int, tuple[int, int]] = {}
        self._monitor = ChildMonitor()
        self._forked = 0

    def serve(self) -> None:
        """Handle messages and deaths, one at a time, until the control socket ends."""
        wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(wake, select.POLLIN)
        try:
            while True:
                patience = LOOK_SECONDS * 1000 if self._running else None
                ready = {descriptor for descriptor, _ in poll.poll(patience)}
                for pid in self._monitor.above():
                    kill_group(pid)
                if wake in ready:
                    with suppress(BlockingIOError):
                        os.read(wake, 4096)
                    self._reap()
                if self._control.fileno() in ready and not self._handle_message():
                    return
        finally:
            for pid in self._running:
                kill_group(pid)
            kill_strangers(())

    def _handle_message(self) -> bool:
        """Handle one message; False at the end of the socket."""
        try:
            message, descriptors, _, _ = socket.recv_fds(
                self._control, MESSAGE_BYTES, DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
            )
        except OSError:
            return False
        if not message:
            return False
        verb, number, *most = message.decode().split()
        if verb == "run":
            self._fork(int(number), descriptors, Ceiling(*map(int, most)))
        else:
            for pid, (known_as, _) in self._running.items():
                if known_as == int(number):
                    kill_group(pid)
        return True

    def _fork(self, number: int, descriptors: Sequence[int], ceiling: Ceiling) -> None:
        """Fork the child for one order; only the child reads the order."""
        order, answers, status, *shared = descriptors
        self._forked += 1
        if self._forked == _MANY:
            collapse_into_huge_pages()
        try:
            pid = os.fork()
        except OSError as error:
            _report(status, {"note": f"no process could be started: {error}"})
        else:
            if pid == 0:
                self._be_child(order, answers, shared)
            self._running[pid] = (number, status)
            self._monitor.watch(pid, ceiling)
        for descriptor in (order, answers, *shared):
            os.close(descriptor)

    def _be_child(self, order: int, answers: int, shared: Sequence[int]) -> NoReturn:
        """In the child: reset the server's signal handling, read the order and carry it out."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            gc.enable()
            with open(order, "rb") as file:
                file.seek(0)
                data = file.read()
            child.work(
                data,
                self._entry,
                self._warm,
                answers=answers,
                parent=self._pid,
                supervised=True,
                shared=read_shared_input(shared[0]) if shared else None,
            )
        finally:
            child.leave(70)

    def _reap(self) -> None:
        """Reap dead children, kill what they left behind, and report how they ended."""
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None:
                return
            pid = found.si_pid
            if pid not in self._running:
                os.waitpid(pid, 0)
                continue
            kill_group(pid)  # not reaped yet, so its number still belongs to it
            _, status, usage = os.wait4(pid, 0)
            _, pipe = self._running.pop(pid)
            self._monitor.forget(pid)
            kill_strangers(self._running)
            code = os.waitstatus_to_exitcode(status)
            ended = {"code": code} if code >= 0 else {"signal": -code}
            cpu = usage.ru_utime + usage.ru_stime
            _report(pipe, {**ended, "cpu_seconds": cpu, "max_rss_bytes": usage.ru_maxrss << 10})


def _report(pipe: int, ended: dict[str, Any]) -> None:
    """Report how a child ended; the reader may be gone."""
    with suppress(OSError):
        os.write(pipe, json.dumps(ended).encode())
    os.close(pipe)
