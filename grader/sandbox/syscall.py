"""Linux system calls that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import platform
from functools import cache
from typing import Any

_WORD = 8  # bytes of a pointer: every architecture of ``ARCHITECTURES`` has 64 bits
ARCHITECTURES = ("x86_64", "aarch64")

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47


def machine() -> str | None:
    """Return the architecture as the kernel names it, None if its call numbers are unknown here.

    A 32-bit Python on a 64-bit kernel makes 32-bit calls, which have other numbers.
    """
    name = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    return name if name in ARCHITECTURES and ctypes.sizeof(ctypes.c_void_p) == _WORD else None


@cache
def libc() -> ctypes.CDLL:
    """Return this process's C library."""
    return ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """Return the result of a C function; raises ``OSError`` if it is negative."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(what: str, number: int, *arguments: Any) -> int:
    """Make one call with integers, bytes, ctypes pointers or None; raises ``OSError``."""
    words = (
        ctypes.c_long(value) if isinstance(value, int) else value for value in (number, *arguments)
    )
    return checked(libc().syscall(*words), what)


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process; raises ``OSError`` with the system's reason."""
    arguments = (ctypes.c_ulong(number) for number in (value, 0, 0, 0))
    checked(libc().prctl(ctypes.c_int(option), *arguments), f"prctl {option}")


def mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str | None
) -> None:
    """Call ``mount``; raises ``OSError``."""

    def text(value: str | None) -> bytes | None:
        return None if value is None else os.fsencode(value)

    result = libc().mount(
        text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)
    )
    checked(result, f"mount {target}")
