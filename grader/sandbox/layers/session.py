"""A session of its own, so that one signal reaches everything the submission starts."""

from __future__ import annotations

import os
import signal
import sys

from grader.sandbox.layers.base import Context, Layer, LayerUnavailable, posix_only
from grader.sandbox.prctl import PR_SET_PDEATHSIG, prctl


def apply(context: Context) -> str | None:
    """Leave the parent's session and terminal; die with the parent where the system can."""
    try:
        os.setsid()
        if sys.platform != "linux":
            return "outlives its parent"
        # A later change of user id clears this: a layer that changes it sets it again.
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    if os.getppid() != context.parent:  # it died before the signal was asked for
        os.kill(os.getpid(), signal.SIGKILL)
    return None


LAYER = Layer(
    name="session",
    stops="processes that outlive their time limit, and signals to the grader's terminal",
    without="Processes that a submission starts may outlive it.",
    unavailable=posix_only,
    apply=apply,
)
