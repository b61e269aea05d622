"""A session of its own, so that one signal reaches all processes of the submission."""

from __future__ import annotations

import os
import signal
import sys

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, posix_only
from grader.sandbox.syscall import PR_SET_PDEATHSIG, prctl


def apply(context: Context) -> Effect | None:
    """Start a new session without a terminal; die with the parent where the system can."""
    try:
        os.setsid()
        if sys.platform != "linux":
            return Effect("outlives its parent", LAYER.stops)
        die_with(context.parent)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None if context.supervised else Effect("nobody sweeps", LAYER.stops)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies; a change of user id resets this."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the signal was asked for
        os.kill(os.getpid(), signal.SIGKILL)


LAYER = Layer(
    name="session",
    does="leads a session of its own, which dies with it and with the grader",
    stops=frozenset({Threat.SURVIVORS}),
    unavailable=posix_only,
    apply=apply,
)
