"""The fork server: warms up once, then forks one child per order.

It never reads an order: whatever it read would be in the memory of every later child. A message
on the control socket is a verb and a number, "run 7" or "kill 7". With "run" come what the child
may have, see ``watching.Ceiling``, and three descriptors, of the order, of the answers, and of the
pipe for saying how the child ended, and a fourth if the order has something in common with others.
When the control socket ends, so do all children and this process.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox import child, scratch
from grader.sandbox.child_monitor import Ceiling, is_above
from grader.sandbox.entry import WorkerEntry, close_package, load_entry
from grader.sandbox.huge_pages import gather_pages
from grader.sandbox.layers import prepare_layers
from grader.sandbox.prctl import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, prctl
from grader.sandbox.processes import kill_group, kill_strangers
from grader.sandbox.shared_input import read_common

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTORS = 4
MESSAGE_BYTES = 128
_LOOK_SECONDS = 0.2
# A single notebook takes two or three children, which is too few to make forking cheap first.
_MANY = 8


def main(entry_name: str, root: str, control: int) -> None:
    """Warm up and serve until the trusted process closes its end or dies."""
    # Not closed if this fails: by the time it closes by itself the traceback has been written.
    connection = socket.socket(fileno=control)
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # what a submission leaves behind comes back to us
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
    """Refuse to fork beside other threads: the child would have their locks, but not them."""
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208  # a count, no paths
    except OSError:
        return
    if threads != 1:
        raise RuntimeError(f"warm_up left {threads - 1} threads running; forking is not safe")


class _Server:
    """The children at work, by process id: the number they are known by and their status pipe."""

    def __init__(self, control: socket.socket, entry: WorkerEntry, warm: dict[str, Any]) -> None:
        self._control = control
        self._entry = entry
        self._warm = warm
        self._pid = os.getpid()
        self._running: dict[int, tuple[int, int]] = {}
        self._ceilings: dict[int, Ceiling] = {}
        self._looked = 0.0
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
                patience = _LOOK_SECONDS * 1000 if self._running else None
                ready = {descriptor for descriptor, _ in poll.poll(patience)}
                self._look()
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
        """Do what one message says; False if there will be none any more."""
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

    def _look(self) -> None:
        """Now and then, kill the children that have more than they may."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            for pid in self._running:
                if is_above(pid, self._ceilings[pid], self._pid):
                    kill_group(pid)
            self._looked = time.monotonic()

    def _fork(self, number: int, descriptors: Sequence[int], ceiling: Ceiling) -> None:
        """Start the child for one order; only there is the order read."""
        order, answers, status, *common = descriptors
        self._forked += 1
        if self._forked == _MANY:
            gather_pages()
        try:
            pid = os.fork()
        except OSError as error:
            _report(status, {"note": f"no process could be started: {error}"})
        else:
            if pid == 0:
                self._be_child(order, answers, common)
            self._running[pid] = (number, status)
            self._ceilings[pid] = ceiling
        for descriptor in (order, answers, *common):
            os.close(descriptor)

    def _be_child(self, order: int, answers: int, common: Sequence[int]) -> NoReturn:
        """Forget what is the server's, read the order and work."""
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
                tended=True,
                common=read_common(common[0]) if common else None,
            )
        finally:
            child.leave(70)

    def _reap(self) -> None:
        """Wait for the dead; kill what they left behind, then say how they ended."""
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
            kill_group(pid)  # as long as nobody waited for it, the number is no one else's
            _, status, usage = os.wait4(pid, 0)
            _, pipe = self._running.pop(pid)
            del self._ceilings[pid]
            kill_strangers(self._running)
            code = os.waitstatus_to_exitcode(status)
            ended = {"code": code} if code >= 0 else {"signal": -code}
            cpu = usage.ru_utime + usage.ru_stime
            _report(pipe, {**ended, "cpu_seconds": cpu, "max_rss_bytes": usage.ru_maxrss << 10})


def _report(pipe: int, ended: dict[str, Any]) -> None:
    """Say how a child ended, to whoever still wants to know."""
    with suppress(OSError):
        os.write(pipe, json.dumps(ended).encode())
    os.close(pipe)
