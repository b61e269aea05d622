"""This process's children, whoever started them."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_PATIENCE_SECONDS = 5.0


def kill_group(leader: int) -> None:
    """Kill a child of ours and its process group; it must not have been waited for yet."""
    with suppress(OSError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(OSError):  # it may not lead a group yet
        os.kill(leader, signal.SIGKILL)


def kill_strangers(known: Collection[int]) -> None:
    """Kill and wait for every child but the known ones.

    In a process that adopts orphans (a subreaper), those are what a submission left behind,
    whatever session or group it hid in. Killing one may bring up its own children, so this
    goes on until there are none; what still forks after some seconds is left for the next time.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while strangers := children() - set(known):
        for pid in strangers:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        gone = [pid for pid in strangers if _waited_for(pid)]
        if not gone:
            time.sleep(0.001)
        if time.monotonic() > deadline:
            return


def children() -> set[int]:
    """Return the process ids of this process's children, the dead that nobody waited for too."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return _children_by_parent()  # a kernel built without that list
    return {int(word) for word in listed.split()}


def _children_by_parent() -> set[int]:
    """Return the children by asking every process for its parent."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == os.getpid():
            found.add(int(folder.name))
    return found


def _waited_for(pid: int) -> bool:
    """Take the exit status of a dead child; False while it still dies."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
