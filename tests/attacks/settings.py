"""Machines to be attacked on: this one, one like a container, an older one, one we don't own."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import tempfile
from pathlib import Path

from grader.sandbox import bind_mounts, bpf, namespaces, visible_files
from grader.sandbox.layers import Context, capabilities, privileges, seccomp
from grader.sandbox.model import Limits
from grader.sandbox.syscall import mount, syscall

NOBODY = 65534
# Layers that a machine does without: one without namespaces or a second user id to give away.
WITHOUT = {"bare": frozenset({"namespaces", "user", "disk"})}
SETTINGS = ("here", "user", "container", "bare", "old", "old-user")
# What Docker's default profile refuses to who has no capabilities.
_REFUSED = {"x86_64": (272, 308, 165, 166, 155, 435), "aarch64": (97, 268, 40, 39, 41, 435)}
# Landlock's calls, of which Linux knows nothing before 5.13; the same numbers everywhere.
_LANDLOCK = (444, 445, 446)
_NO_SUCH_CALL = 38
_NOTHING = Context("/", (), 0, Limits({}).caps(()))


def enter(setting: str, home: str) -> None:
    """Make this process one of the setting, for good; ``home`` becomes its own."""
    if setting in ("user", "old-user") and os.getuid() == 0:
        _become_nobody(home)
    elif setting == "container":
        _lose_everything()
    if setting in ("old", "old-user"):
        privileges.apply(_NOTHING)  # or only root could have itself refused anything
        _filter(bpf.on_calls(_LANDLOCK, bpf.fail(_NO_SUCH_CALL)))
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=f"{home}/matplotlib")
    tempfile.tempdir = None


def _become_nobody(home: str) -> None:
    """Be an ordinary user, who can reach Python and this checkout all the same."""
    namespaces.unshare(namespaces.NEW_MOUNTS)
    mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE, None)
    bind_mounts.expose_python(
        str(Path(visible_files.package_folder()).parent), home, sys.base_prefix
    )
    os.chown(home, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _lose_everything() -> None:
    """Be root in name only, where no namespace can be made."""
    capabilities.apply(_NOTHING)
    privileges.apply(_NOTHING)
    *calls, last = _REFUSED[platform.machine()]
    _filter(
        bpf.on_calls(calls, bpf.fail(1)),
        bpf.on_call(last, bpf.returning(bpf.fail(_NO_SUCH_CALL))),
    )


def _filter(*rules: bytes) -> None:
    """Have this process and all that it starts refused some calls."""
    machine = platform.machine()
    start = bpf.preamble(seccomp._AUDIT[machine], 0x7FFFFFFF - 1, bpf.ALLOW)
    program = b"".join((start, *rules, bpf.returning(bpf.ALLOW)))
    memory = ctypes.create_string_buffer(program)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    given = Program(bpf.length(program), ctypes.addressof(memory))
    syscall("seccomp", seccomp._SECCOMP[machine], 1, 0, ctypes.byref(given))
