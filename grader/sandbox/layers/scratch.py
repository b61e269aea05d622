"""An empty folder of its own to work in, gone afterwards."""

from __future__ import annotations

import os
import tempfile

from grader.sandbox.layers.base import Context, Layer, LayerUnavailable, everywhere


def apply(context: Context) -> str | None:
    """Make the scratch folder the working, home and temporary folder."""
    try:
        os.chdir(context.scratch)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"):
        os.environ[name] = context.scratch
    tempfile.tempdir = context.scratch  # what was found before the fork no longer counts
    return None


LAYER = Layer(
    name="scratch",
    stops="files left where the next submission, or you, would find them by accident",
    without="Submissions share a working folder.",
    unavailable=everywhere,
    apply=apply,
)
