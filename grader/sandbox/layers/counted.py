"""Where its files lie on a disk: the fork server can look at those that it holds open."""

from __future__ import annotations

import os

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.prctl import PR_SET_DUMPABLE, prctl


def apply(context: Context) -> Effect | None:
    """Let this process be looked into, by who has its user's rights and is not confined himself."""
    if os.path.ismount(context.scratch):
        raise LayerUnavailable("its files are in memory, which has a size")
    if not context.tended:
        raise LayerUnavailable("nobody watches it")
    try:
        os.listdir("/")  # noqa: PTH208  # nothing is done with them
    except OSError:
        pass  # Landlock is in force, and keeps other submissions from looking too
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
