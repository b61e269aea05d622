"""Closes all of the grader's open files except the pipe for the answer."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import pairwise

from grader.sandbox.layers.base import Context, Effect, Layer, Threat, everywhere

_STANDARD = (0, 1, 2)
# Where the open descriptors can't be listed, none of ours is higher.
_HIGHEST = 4096


def apply(context: Context) -> Effect | None:
    """Redirect the standard streams to the null device and close everything else."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in _STANDARD:
        os.dup2(nothing, descriptor)
    end = _highest() + 1
    kept = sorted({*_STANDARD, *context.keep, end})
    for low, high in pairwise(kept):
        os.closerange(low + 1, high)
    return None


def _highest() -> int:
    """Return the highest descriptor that may be open."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return max(int(name) for name in os.listdir(folder))  # noqa: PTH208  # names suffice
    return _HIGHEST


LAYER = Layer(
    name="descriptors",
    does="closes everything the grader has open, and its terminal",
    stops=frozenset({Threat.DESCRIPTORS}),
    unavailable=everywhere,
    apply=apply,
)
