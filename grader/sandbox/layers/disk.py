"""A scratch folder in memory with a size limit, which counts unlinked files too."""

from __future__ import annotations

import os
from pathlib import Path

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.namespaces import NEW_MOUNTS, PRIVATE, RECURSIVE, unshare
from grader.sandbox.syscall import mount

_NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_FILES = 10_000


def apply(context: Context) -> Effect | None:
    """Mount a tmpfs over the folder; it disappears when the process ends."""
    size = context.caps.disk_bytes
    options = f"size={size},nr_inodes={_FILES},mode=700,uid={os.getuid()},gid={os.getgid()}"
    try:
        unshare(NEW_MOUNTS)
        mount(None, "/", None, RECURSIVE | PRIVATE, None)
        flags = _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS
        mount("grader", context.scratch, "tmpfs", flags, options)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if Path("/proc/self/ns/mnt").exists() else "this kernel has no mount namespaces"


LAYER = Layer(
    name="disk",
    does="keeps its files in memory, up to a size",
    stops=frozenset({Threat.DISK}),
    unavailable=_unavailable,
    apply=apply,
)
