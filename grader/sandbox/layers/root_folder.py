"""Without Landlock: a root folder of its own, with Python and its packages, to be read only."""

from __future__ import annotations

import os
import tempfile
from functools import cache

from grader.sandbox import landlock, namespaces, root_folder, visible_files
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.syscall import machine, mount


def apply(context: Context) -> Effect | None:
    """Add this process's own files to the folder that the server put together, and move in."""
    place, reason = _built()
    if reason:
        raise LayerUnavailable(reason)
    try:
        # No other process is to see what is mounted from here on.
        namespaces.unshare(namespaces.NEW_MOUNTS)
        mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE, None)
        root_folder.show(place, context.scratch, writable=True)
        root_folder.show_process(place)
        if context.cuda:
            for path in visible_files.gpu_devices():
                root_folder.show(place, path, writable=True)
            for path in visible_files.gpu_facts():
                root_folder.show(place, os.path.realpath(path))
        root_folder.move_in(place)
        os.chdir(context.scratch)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


@cache
def _built() -> tuple[str, str]:
    """Put the folder together, once; return where it is, and why it isn't there if it isn't."""
    state = namespaces.state()
    if "mount" not in state.entered:
        return "", state.reason or "the server has no mounts of its own"
    place = tempfile.mkdtemp(prefix="root-")
    try:
        root_folder.build(place)
    except OSError as error:
        return "", str(error)
    return place, ""


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    if landlock.version():
        return "Landlock does what it would do"
    return None if machine() else "this machine's system calls are not known"


def _prepare() -> None:
    _built()


LAYER = Layer(
    name="root",
    does="sees a root folder of its own, with Python and its packages, where there is no Landlock",
    stops=frozenset({Threat.READS, Threat.WRITES}),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
