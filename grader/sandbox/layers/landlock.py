"""Landlock: the process may read Python and its packages, write to scratch, and nothing else.

With Landlock a Linux process restricts itself for good and without privilege. The three system
calls are made here: the package ``landlock`` on PyPI has no stable release and covers files only,
neither TCP ports (ABI 4) nor the scopes of signals and abstract sockets (ABI 6).
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.sandbox import visible_files
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
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
# The number of file rights that each version knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals
_TCP_SINCE, SCOPES_SINCE = 4, 6

READ = READ_FILE | READ_DIR
# None of them includes EXECUTE: a library is mapped, not executed.
WORK = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM
WORK |= REFER
DEVICE = READ | WRITE_FILE | IOCTL_DEV


def apply(context: Context) -> Effect | None:
    """Restrict this process to its files, and signals to itself where the kernel can."""
    own = f"/proc/{os.getpid()}"
    rules: list[tuple[int, Iterable[str]]] = [
        (READ, (*visible_files.readable(), own)),
        (READ_DIR, visible_files.listable()),
        (WRITE_FILE, (os.devnull,)),
        (WORK, (context.scratch,)),
    ]
    if context.cuda:
        rules += [
            (DEVICE, visible_files.gpu_devices()),
            (READ, visible_files.gpu_facts()),
        ]
    try:
        in_force = restrict(rules)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    lacks = frozenset() if in_force >= SCOPES_SINCE else {Threat.SIGNALS}
    return Effect(f"version {in_force}", frozenset(lacks))


def version() -> int:
    """Return the kernel's version of Landlock, 0 for none."""
    if machine() is None:
        return 0
    try:
        return syscall("landlock", _CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[int, Iterable[str]]]) -> int:
    """Allow this process the given rights below the given paths, and nothing else.

    Missing paths are skipped. TCP ports are forbidden and, where the kernel can, signals and
    abstract sockets to processes outside. Needs ``no_new_privs``. Returns the version in force;
    raises ``OSError``.
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
        except OSError:  # a file takes fewer rights than a folder
            rule = struct.pack("=Qi", rights & _FILE_ONLY, place)
            syscall("landlock", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if version() else "this kernel has no Landlock"


def _prepare() -> None:
    visible_files.readable()


LAYER = Layer(
    name="landlock",
    does="reads Python and its packages, writes to its scratch folder, no other files",
    stops=frozenset({Threat.READS, Threat.WRITES, Threat.SIGNALS}),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
