"""Reads the end of a worker's standard error, for messages about a worker that can't start."""

from __future__ import annotations

import os
from typing import IO

_TAIL_BYTES = 4000


def tail(file: IO[bytes]) -> str:
    """Return the end of a temporary file that a worker writes to; nothing if it is closed."""
    if file.closed:
        return ""
    size = os.fstat(file.fileno()).st_size
    start = max(0, size - _TAIL_BYTES)
    if hasattr(os, "pread"):  # a seek would move the worker's own position
        data = os.pread(file.fileno(), _TAIL_BYTES, start)
    else:
        file.seek(start)
        data = file.read(_TAIL_BYTES)
    return data.decode(errors="replace").strip()
