"""No new privileges, and no looking into the process from outside."""

from __future__ import annotations

from grader.sandbox.layers.base import Context, Layer, LayerUnavailable, linux_only
from grader.sandbox.prctl import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl


def apply(_context: Context) -> str | None:
    """Give up what set-uid programs would give; be neither traced nor dumped."""
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_DUMPABLE, 0)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


LAYER = Layer(
    name="privileges",
    stops="set-uid programs, core dumps, and one submission tracing another",
    without="A submission can use whatever privileges your account can get.",
    unavailable=linux_only,
    apply=apply,
)
