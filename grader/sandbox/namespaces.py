"""Linux namespaces for the fork server, entered once, before it imports anything large.

Its children inherit them at no cost. In a process namespace the server is process 1, so its end
ends all processes in there. The process that was started stays outside, waits for the server and
exits with its status.
"""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from grader.sandbox import bind_mounts
from grader.sandbox.syscall import PR_SET_PDEATHSIG, checked, libc, mount, prctl

NEW_MOUNTS, NEW_QUEUES, NEW_USERS = 0x00020000, 0x08000000, 0x10000000
NEW_PROCESSES, NEW_NETWORK = 0x20000000, 0x40000000
RECURSIVE, PRIVATE = 0x4000, 1 << 18
_PROC_FLAGS = 2 | 4 | 8  # no set-uid, no devices, no programs

_ALL = {
    "network": NEW_NETWORK,
    "process": NEW_PROCESSES,
    "mount": NEW_MOUNTS,
    "queue": NEW_QUEUES,
}
# Where /proc is partly covered, as in most containers, another one can't be mounted, and a process
# namespace without its own /proc is useless.
_ATTEMPTS = (tuple(_ALL), ("network", "mount", "queue"))
_LOST = 71


@dataclass(frozen=True)
class State:
    """The kinds of namespaces that this process entered, or why none."""

    entered: tuple[str, ...] = ()
    reason: str = "not asked for"


_state = State()


def state() -> State:
    """Return the result of ``enter``."""
    return _state


def unshare(flags: int) -> None:
    """Call ``unshare``, which Python has from 3.12 on; raises ``OSError``."""
    checked(libc().unshare(flags), "unshare")


def enter(control: int, *keep: str) -> None:
    """Enter all namespaces that this machine allows; a refusal is no error.

    Returns in the process that becomes the server, which may be a child: ``control`` is closed
    in the process that stays outside. The folders in ``keep`` stay reachable.
    """
    global _state  # noqa: PLW0603  # it is this process's state
    code = 0
    for kinds in _ATTEMPTS:
        code = _in_child(kinds)
        if code == 0:
            break
    else:
        _state = State(reason=f"refused: {os.strerror(code)}")
        return
    _unshare(kinds)
    if "process" in kinds:
        child = os.fork()
        if child:
            os.close(control)
            _wait_for(child)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    _arrange(kinds)
    if os.geteuid() == 0:
        bind_mounts.expose_python(*keep)
    _state = State(kinds, "")


def _in_child(kinds: tuple[str, ...]) -> int:
    """Try it in a child, since a failure halfway can't be undone; return 0 or the errno."""
    trial = os.fork()
    if trial == 0:
        code = _LOST
        try:
            _unshare(kinds)
            inner = os.fork() if "process" in kinds else 0
            if inner:
                code = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
            else:
                _arrange(kinds)
                code = 0
        except OSError as error:
            code = error.errno or errno.EPERM
        finally:
            os._exit(code & 0xFF)
    return os.waitstatus_to_exitcode(os.waitpid(trial, 0)[1])


def _unshare(kinds: tuple[str, ...]) -> None:
    """Unshare; without root this needs a user namespace, which maps only this user."""
    flags = sum(_ALL[kind] for kind in kinds)
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        unshare(flags)
        return
    unshare(flags | NEW_USERS)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _arrange(kinds: tuple[str, ...]) -> None:
    """Make mounts private, and let ``/proc`` show only this namespace's processes."""
    mount(None, "/", None, RECURSIVE | PRIVATE, None)
    if "process" in kinds:
        mount("proc", "/proc", "proc", _PROC_FLAGS, None)


def _wait_for(server: int) -> NoReturn:
    """Wait for the server to end and exit with its status."""
    code = os.waitstatus_to_exitcode(os.waitpid(server, 0)[1])
    os._exit(code if code >= 0 else 128 - code)
