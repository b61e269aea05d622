"""Linux namespaces for the fork server, entered once, before it imports anything large.

Everything it forks is inside and pays nothing for it. With namespaces of processes the server is
the first process of its own, so whatever ends it ends all below it. The process that was started
stays outside, waits, and passes on how it ended.
"""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from grader.sandbox import bind_mounts
from grader.sandbox.prctl import PR_SET_PDEATHSIG, prctl
from grader.sandbox.syscall import checked, libc, mount

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
# Where /proc is partly covered, as in most containers, no other one may be mounted, and a
# namespace of processes without its own /proc would be of no use.
_ATTEMPTS = (tuple(_ALL), ("network", "mount", "queue"))
_LOST = 71


@dataclass(frozen=True)
class State:
    """The kinds of namespaces that this process entered, or why none."""

    entered: tuple[str, ...] = ()
    reason: str = "not asked for"


_state = State()


def state() -> State:
    """Return what came of ``enter``."""
    return _state


def unshare(flags: int) -> None:
    """Leave what is shared with the parent behind; Python has this from 3.12 on."""
    checked(libc().unshare(flags), "unshare")


def enter(control: int, *keep: str) -> None:
    """Enter all that this machine allows; what it does not is no error.

    Returns in the process that is to be the server, which may be a child: ``control`` is closed
    in the process that stays outside. The folders in ``keep`` stay reachable; see ``uncover``.
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
        bind_mounts.uncover(*keep)
    _state = State(kinds, "")


def _in_child(kinds: tuple[str, ...]) -> int:
    """Try it out: half a way in there is no way back. Return 0 or the error's number."""
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
    """Unshare; who is not root needs a namespace of users for it, with nobody else in it."""
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
    """Keep mounts to ourselves; show only our own processes."""
    mount(None, "/", None, RECURSIVE | PRIVATE, None)
    if "process" in kinds:
        mount("proc", "/proc", "proc", _PROC_FLAGS, None)


def _wait_for(server: int) -> NoReturn:
    """Stay until the server ends, then end as it did."""
    code = os.waitstatus_to_exitcode(os.waitpid(server, 0)[1])
    os._exit(code if code >= 0 else 128 - code)
