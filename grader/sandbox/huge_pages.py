"""Moves this process's memory into large pages, so that forking it copies fewer page tables.

A process that has imported PyTorch holds some 400 MB in 100,000 small pages. Every fork copies a
table entry for each and every end of a child takes them down again: 25 ms of processor time for a
child that does nothing, 8 ms once the memory lies in large pages. Moving takes as long as ten
children save, so it is for a server that has many to fork.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from pathlib import Path

from grader.sandbox.syscall import libc

_LARGE = 2 << 20
_COLLAPSE = 25  # MADV_COLLAPSE, of Linux 6.1
# Private, writable and of no file; what is of a file has its pages elsewhere.
_OWN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:|\[heap\]|\[anon.*\])$")


def gather_pages() -> None:
    """Move what can be moved; a kernel that can't or won't leaves everything as it was."""
    advise = libc().madvise
    advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with suppress(OSError):
        for line in (
            Path("/proc/self/maps").read_text(encoding="ascii", errors="replace").split("\n")
        ):
            if found := _OWN.match(line):
                first, end = (int(number, 16) for number in found.groups())
                # One at a time: a stretch that cannot be moved must not keep the next from it.
                for start in range(-(-first // _LARGE) * _LARGE, end - _LARGE + 1, _LARGE):
                    advise(start, _LARGE, _COLLAPSE)
