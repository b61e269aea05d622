"""Drops all capabilities: root becomes an ordinary user, and no program can change that."""

from __future__ import annotations

import ctypes
import errno
import struct

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, linux_only
from grader.sandbox.syscall import PR_CAP_AMBIENT, PR_CAPBSET_DROP, checked, libc, prctl

_CLEAR_ALL = 4
_HEADER = struct.pack("Ii", 0x20080522, 0)  # the third version of the call; this process
_SETS = struct.Struct("6I")  # effective, permitted, inheritable: low words, then high words


def apply(_context: Context) -> Effect | None:
    """Empty all five capability sets."""
    try:
        _drop_bounding()
        prctl(PR_CAP_AMBIENT, _CLEAR_ALL)
        _set(0, 0, 0, 0, 0, 0)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


def _drop_bounding() -> None:
    """Empty the bounding set, which a process without capabilities may not do."""
    sets = ctypes.create_string_buffer(_SETS.size)
    checked(libc().capget(_HEADER, sets), "capget")
    _, low, _, _, high, _ = _SETS.unpack(sets.raw)
    if not (low or high):
        return
    _set(low, low, 0, high, high, 0)  # the next step needs the permitted ones in effect
    try:
        for number in range(64):
            prctl(PR_CAPBSET_DROP, number)
    except OSError as error:
        # EINVAL: past the last one that the kernel knows. EPERM: not ours to drop, which is
        # harmless, since they can't be gained any more.
        if error.errno not in {errno.EINVAL, errno.EPERM}:
            raise


def _set(*words: int) -> None:
    checked(libc().capset(_HEADER, _SETS.pack(*words)), "capset")


LAYER = Layer(
    name="capabilities",
    does="gives up root's powers",
    stops=frozenset(),
    unavailable=linux_only,
    apply=apply,
)
