"""Temporary folders with students' work: none outlives its process for longer than to the next run.

A killed process cannot remove its folder. The operating system then lets go of the lock on a file
in it, by which the next run of the same user knows that nobody is at work there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "grader-held-"
_LOCK = ".lock"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is removed after the block, or by the next run of this user."""
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(lock)


def remove_abandoned() -> None:
    """Remove the folders that killed runs of this user left behind; others stay."""
    if fcntl is None:
        return
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with suppress(OSError):
                if folder.lstat().st_uid == os.geteuid() and _abandoned(folder):
                    shutil.rmtree(folder)


def _abandoned(folder: Path) -> bool:
    """Whether nobody holds a folder's lock; raises ``OSError`` where there is none."""
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(lock)
    return True
