"""Machines to be attacked on: this one, one like a container, and one that we don't own."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import tempfile
from pathlib import Path

from grader.sandbox import bpf, namespaces, seccomp, uncover, view
from grader.sandbox.layers import Context, capabilities, privileges
from grader.sandbox.model import Limits
from grader.sandbox.syscall import mount, syscall

NOBODY = 65534
# Layers that a machine does without: one without namespaces or a second user id to give away.
WITHOUT = {"bare": frozenset({"namespaces", "user", "disk"})}
SETTINGS = ("here", "user", "container", "bare")
# What Docker's default profile refuses to who has no capabilities.
_REFUSED = {"x86_64": (272, 308, 165, 166, 155, 435), "aarch64": (97, 268, 40, 39, 41, 435)}


def enter(setting: str, home: str) -> None:
    """Make this process one of the setting, for good; ``home`` becomes its own."""
    if setting == "user" and os.getuid() == 0:
        _become_nobody(home)
    elif setting == "container":
        _lose_everything()
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=f"{home}/matplotlib")
    tempfile.tempdir = None


def _become_nobody(home: str) -> None:
    """Be an ordinary user, who can reach Python and this checkout all the same."""
    namespaces.unshare(namespaces.NEW_MOUNTS)
    mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE, None)
    uncover.uncover(str(Path(view.package_folder()).parent), home, sys.base_prefix)
    os.chown(home, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _lose_everything() -> None:
    """Be root in name only, where no namespace can be made."""
    context = Context("/", (), 0, Limits({}).caps(()))
    capabilities.apply(context)
    privileges.apply(context)
    machine = platform.machine()
    program = b"".join(
        (
            bpf.preamble(seccomp._AUDIT[machine], 0x7FFFFFFF - 1, bpf.ALLOW),
            bpf.on_calls(_REFUSED[machine][:-1], bpf.fail(1)),
            bpf.on_call(_REFUSED[machine][-1], bpf.returning(bpf.fail(38))),
            bpf.returning(bpf.ALLOW),
        )
    )
    memory = ctypes.create_string_buffer(program)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    given = Program(bpf.length(program), ctypes.addressof(memory))
    syscall("seccomp", seccomp._SECCOMP[machine], 1, 0, ctypes.byref(given))
