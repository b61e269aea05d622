"""The fork server watches its children's threads, memory and unlinked files from outside.

This covers what the system's limits do not: root's threads; shared memory and page tables, where a
GPU's driver needs both; unlinked files that are still open, where scratch folders have no size.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.syscall import libc

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK_SECONDS = 0.2
_BLOCK_BYTES = 512
_DELETED = b" (deleted)"
# Files in memory count as memory.
_IN_MEMORY = ("/memfd:", "/dev/zero")
# Memory that RLIMIT_DATA does not count and that is tolerated.
_SLACK_BYTES = 1 << 30
_HELD = ("RssAnon", "RssShmem", "VmSwap", "VmPTE")


@dataclass(frozen=True)
class Ceiling:
    """The limits on one child; ``file_bytes`` limits one file.

    ``unlinked_bytes`` limits unlinked files together; -1 where the scratch folder has a size.
    """

    memory_bytes: int
    threads: int
    unlinked_bytes: int
    file_bytes: int

    def words(self) -> str:
        """Return the numbers as part of a message, in the order of the fields."""
        return f"{self.memory_bytes} {self.threads} {self.unlinked_bytes} {self.file_bytes}"


class ChildMonitor:
    """Looks at this process's children from time to time."""

    def __init__(self) -> None:
        """Watch nobody yet."""
        self._ceilings: dict[int, Ceiling] = {}
        self._looked = 0.0

    def watch(self, pid: int, ceiling: Ceiling) -> None:
        """Hold a child to its ceiling from now on."""
        self._ceilings[pid] = ceiling

    def forget(self, pid: int) -> None:
        """Stop watching a child, which has ended."""
        del self._ceilings[pid]

    def above(self) -> list[int]:
        """Return the children above their ceiling; looks every ``LOOK_SECONDS`` at most."""
        if time.monotonic() - self._looked <= LOOK_SECONDS:
            return []
        own = os.getpid()
        found = [pid for pid, ceiling in self._ceilings.items() if is_above(pid, ceiling, own)]
        self._looked = time.monotonic()
        return found


def is_above(pid: int, ceiling: Ceiling, parent: int) -> bool:
    """Whether a child exceeds its ceiling; what can't be seen does not count.

    Memory that it inherited from ``parent`` does not count either.
    """
    try:
        facts, inherited = _status(pid), _status(parent)
        held = sum(facts.get(name, 0) - inherited.get(name, 0) for name in _HELD)
        if held << 10 > ceiling.memory_bytes + _SLACK_BYTES:
            return True
        if facts.get("Threads", 1) > ceiling.threads:
            return True
        return ceiling.unlinked_bytes >= 0 and _unlinked(pid, ceiling) > ceiling.unlinked_bytes
    except OSError:
        return False  # it has ended, or has not locked itself down yet


def _status(pid: int) -> dict[str, int]:
    """Return numbers from a process's ``/proc`` status, sizes in KiB."""
    words = (line.split() for line in _read(f"/proc/{pid}/status").decode("latin-1").splitlines())
    return {
        found[0].rstrip(":"): int(found[1])
        for found in words
        if len(found) > 1 and found[0].rstrip(":") in {*_HELD, "Threads"}
    }


def _unlinked(pid: int, ceiling: Ceiling) -> int:
    """Return the bytes of unlinked files that a process has open or mapped; raises ``OSError``."""
    with _as_its_user(pid):
        sizes: dict[int, int] = {}
        for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208  # names suffice
            with suppress(OSError):
                path = f"/proc/{pid}/fd/{name}"
                found = os.stat(path)  # noqa: PTH116  # Path is slower
                if not found.st_nlink and stat.S_ISREG(found.st_mode) and _on_disk(path):
                    sizes[found.st_ino] = found.st_blocks * _BLOCK_BYTES
        mapped = _deleted(pid)
    # The size of a file that is only mapped can't be seen, so it counts as the largest.
    mapped = {inode for inode in mapped if inode not in sizes}
    if mapped:
        mapped -= _deleted(os.getpid())  # a library that was replaced meanwhile
    return sum(sizes.values()) + len(mapped) * ceiling.file_bytes


def _on_disk(path: str) -> bool:
    return not os.readlink(path).startswith(_IN_MEMORY)  # noqa: PTH115  # Path is slower


def _deleted(pid: int) -> set[int]:
    """Return the inodes of the unlinked files that a process has mapped."""
    lines = (line for line in _read(f"/proc/{pid}/maps").split(b"\n") if line.endswith(_DELETED))
    fields = (line.split(None, 5) for line in lines)
    return {int(f[4]) for f in fields if not f[5].startswith(tuple(map(os.fsencode, _IN_MEMORY)))}


@contextmanager
def _as_its_user(pid: int) -> Iterator[None]:
    """Access files as the process's user, who may look at them where root lacks capabilities."""
    found = Path(f"/proc/{pid}").stat()
    own = os.geteuid(), os.getegid()
    if own == (found.st_uid, found.st_gid):
        yield
        return
    libc().setfsgid(found.st_gid)
    libc().setfsuid(found.st_uid)
    try:
        yield
    finally:
        libc().setfsuid(own[0])
        libc().setfsgid(own[1])


def _read(path: str) -> bytes:
    return Path(path).read_bytes()
