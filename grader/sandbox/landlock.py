"""Linux's Landlock: which files a process may touch, for good, without any privilege.

The package ``landlock`` on PyPI is an alpha that knows files only: neither TCP ports (ABI 4) nor
the scoping of signals and abstract sockets (ABI 6), which are half of what it is here for.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.sandbox.syscall import machine, syscall

if TYPE_CHECKING:
    from collections.abc import Iterable

# The same numbers on every architecture (include/uapi/asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1

# Rights to files (include/uapi/linux/landlock.h), by bit.
WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(1, 6))
MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV = (
    1 << bit for bit in (7, 8, 12, 13, 14, 15)
)
_FILE_ONLY = WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
# How many rights to files each version knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals
_TCP_SINCE, SCOPES_SINCE = 4, 6

READ = READ_FILE | READ_DIR
# Running a program is in none of them: a library is mapped, not executed.
WORK = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM
WORK |= REFER
DEVICE = READ | WRITE_FILE | IOCTL_DEV


def version() -> int:
    """Return the version of Landlock that the kernel has, 0 for none."""
    if machine() is None:
        return 0
    try:
        return syscall("landlock", _CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[int, Iterable[str]]]) -> int:
    """Allow this process the given rights below the given paths, and nothing else.

    Paths that do not exist are skipped. No TCP port may be used and, where the kernel can tell,
    no process outside signalled or reached through an abstract socket. Needs ``no_new_privs``.
    Returns the version in force; raises ``OSError``.
    """
    known = version()
    handled = (1 << _RIGHTS.get(known, 16)) - 1
    fields = [handled]
    if known >= _TCP_SINCE:
        fields.append(_TCP)
    if known >= SCOPES_SINCE:
        fields.append(_SCOPES)
    attributes = struct.pack(f"{len(fields)}Q", *fields)
    ruleset = syscall("landlock", _CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for rights, paths in rules:
            for path in paths:
                with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
                    _allow(ruleset, path, rights & handled)
        syscall("landlock", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return known


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add one rule."""
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        try:
            rule = struct.pack("=Qi", rights, place)
            syscall("landlock", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
        except OSError:  # folders have rights that files don't
            rule = struct.pack("=Qi", rights & _FILE_ONLY, place)
            syscall("landlock", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
