"""Linux's ``prctl``, which Python does not have."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process; raises ``OSError`` with the system's reason."""
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_ulong(number) for number in (value, 0, 0, 0))
    if libc.prctl(ctypes.c_int(option), *arguments) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")
