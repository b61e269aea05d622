"""What the files of an assignment's folder hold, to tell whether they have changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_READ = (".toml", ".py")


def contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Return each path under a folder, with a digest of what decides how it is graded.

    Of other files only it matters whether they are there. What can't be read has no digest.
    """
    return tuple((str(path.relative_to(folder)), _digest(path)) for path in _paths(folder))


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix != ".pyc")


def _digest(path: Path) -> bytes:
    if path.suffix not in _READ:
        return b""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
