"""Finds and kills this process's children, adopted ones included."""

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
    """Kill a child and its process group; it must not have been waited for yet."""
    with suppress(OSError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(OSError):  # it may not lead a group yet
        os.kill(leader, signal.SIGKILL)


def kill_strangers(known: Collection[int]) -> None:
    """Kill and wait for every child that is not in ``known``.

    In a process that adopts orphans (a subreaper) these are the processes that a submission left
    behind, in any session or group. A killed process may leave children of its own, so this repeats
    until there are none, or until ``_PATIENCE_SECONDS`` are over.
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
    """Return the process ids of this process's children, zombies included."""
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
    """Reap a dead child; False while it still runs."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
