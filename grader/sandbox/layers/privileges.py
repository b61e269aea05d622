"""No new privileges, and no looking into the process from outside."""

from __future__ import annotations

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, linux_only
from grader.sandbox.syscall import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl


def apply(_context: Context) -> Effect | None:
    """Gain nothing from set-uid programs; be neither traced nor dumped."""
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_DUMPABLE, 0)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


LAYER = Layer(
    name="privileges",
    does="gains nothing from set-uid programs, is neither traced nor dumped",
    stops=frozenset(),
    unavailable=linux_only,
    apply=apply,
)
