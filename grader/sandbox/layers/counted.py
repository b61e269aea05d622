"""Lets the fork server see the process's open files, where the scratch folder lies on a disk."""

from __future__ import annotations

import os

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.syscall import PR_SET_DUMPABLE, prctl


def apply(context: Context) -> Effect | None:
    """Make this process dumpable, so that an unconfined process of its user sees its files."""
    if os.path.ismount(context.scratch):
        raise LayerUnavailable("its files are in memory, which has a size")
    if not context.supervised:
        raise LayerUnavailable("nobody watches it")
    try:
        os.listdir("/")  # noqa: PTH208  # nothing is done with them
    except OSError:
        pass  # Landlock is in force and keeps other submissions from looking
    else:
        raise LayerUnavailable("without Landlock other submissions could look into it, too")
    try:
        prctl(PR_SET_DUMPABLE, 1)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


LAYER = Layer(
    name="counted",
    does="has its open files counted, where no size limits them",
    stops=frozenset({Threat.DISK}),
    unavailable=linux_only,
    apply=apply,
)
