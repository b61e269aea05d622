"""An empty working folder that is removed afterwards."""

from __future__ import annotations

import os
import tempfile

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, everywhere


def apply(context: Context) -> Effect | None:
    """Make the scratch folder the working, home and temporary folder."""
    try:
        os.chdir(context.scratch)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"):
        os.environ[name] = context.scratch
    tempfile.tempdir = context.scratch  # replaces what was cached before the fork
    return None


LAYER = Layer(
    name="scratch",
    does="works in an empty folder of its own, removed afterwards",
    stops=frozenset(),
    unavailable=everywhere,
    apply=apply,
)
