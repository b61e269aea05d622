"""What the fork server sees of its children from outside: threads, memory, files without a name.

The system's own limits come first. These are for what they leave open: threads, of which root may
have any number; memory that is shared or tables of pages, where a GPU's driver needs both; files
that were removed and are still open, where scratch folders have no size.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.syscall import libc

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK_BYTES = 512
_DELETED = b" (deleted)"
# Files in memory, which are counted as memory.
_IN_MEMORY = ("/memfd:", "/dev/zero")
# What the limit on data does not count and what is not worth a child's life.
_SLACK_BYTES = 1 << 30
_HELD = ("RssAnon", "RssShmem", "VmSwap", "VmPTE")


@dataclass(frozen=True)
class Ceiling:
    """What one child may have; ``nameless_bytes`` is -1 where files have a limit of their own.

    ``file_bytes`` is the most that one file may hold.
    """

    memory_bytes: int
    threads: int
    nameless_bytes: int
    file_bytes: int

    def words(self) -> str:
        """Return it as part of a message."""
        return f"{self.memory_bytes} {self.threads} {self.nameless_bytes} {self.file_bytes}"


def is_above(pid: int, ceiling: Ceiling, parent: int) -> bool:
    """Whether a child has more than it may; what can't be seen of it counts nothing.

    What it was born with, as much as its ``parent`` has, is not its own.
    """
    try:
        facts, inherited = _status(pid), _status(parent)
        held = sum(facts.get(name, 0) - inherited.get(name, 0) for name in _HELD)
        if held << 10 > ceiling.memory_bytes + _SLACK_BYTES:
            return True
        if facts.get("Threads", 1) > ceiling.threads:
            return True
        return ceiling.nameless_bytes >= 0 and _nameless(pid, ceiling) > ceiling.nameless_bytes
    except OSError:
        return False  # it ended meanwhile, or has not locked itself down yet


def _status(pid: int) -> dict[str, int]:
    """Return the numbers that the kernel tells of a process, sizes in KiB."""
    words = (line.split() for line in _read(f"/proc/{pid}/status").decode("latin-1").splitlines())
    return {
        found[0].rstrip(":"): int(found[1])
        for found in words
        if len(found) > 1 and found[0].rstrip(":") in {*_HELD, "Threads"}
    }


def _nameless(pid: int, ceiling: Ceiling) -> int:
    """Return how much a process holds in files that were removed; raises ``OSError``."""
    with _as_its_user(pid):
        sizes: dict[int, int] = {}
        for name in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208  # names suffice
            with suppress(OSError):
                path = f"/proc/{pid}/fd/{name}"
                found = os.stat(path)  # noqa: PTH116  # Path is slower
                if not found.st_nlink and stat.S_ISREG(found.st_mode) and _on_disk(path):
                    sizes[found.st_ino] = found.st_blocks * _BLOCK_BYTES
        mapped = _deleted(pid)
    # How large a file is that is only mapped can't be seen, so it counts as the largest.
    mapped = {inode for inode in mapped if inode not in sizes}
    if mapped:
        mapped -= _deleted(os.getpid())  # a library that was replaced meanwhile
    return sum(sizes.values()) + len(mapped) * ceiling.file_bytes


def _on_disk(path: str) -> bool:
    return not os.readlink(path).startswith(_IN_MEMORY)  # noqa: PTH115  # Path is slower


def _deleted(pid: int) -> set[int]:
    """Return the inodes of the removed files that a process has mapped."""
    lines = (line for line in _read(f"/proc/{pid}/maps").split(b"\n") if line.endswith(_DELETED))
    fields = (line.split(None, 5) for line in lines)
    return {int(f[4]) for f in fields if not f[5].startswith(tuple(map(os.fsencode, _IN_MEMORY)))}


@contextmanager
def _as_its_user(pid: int) -> Iterator[None]:
    """Look at files as the process's own user, which is who may where we lack root's powers."""
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
