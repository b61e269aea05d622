"""Makes a Python below a closed folder, such as ``/root``, reachable for other users.

Where the grader is root, submissions run as users of their own, who can't enter root's folders.
This changes mounts of this process only.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from grader.sandbox import visible_files
from grader.sandbox.syscall import mount

_BIND, _REMOUNT, _READ_ONLY, _RECURSIVE = 0x1000, 0x20, 0x1, 0x4000
_NO_SETUID, _NO_DEVICES = 2, 4


def expose_python(*more: str) -> None:
    """Mount over each closed folder one that holds only what Python needs, and ``more``.

    This process must have its own mount namespace. A folder that can't be mounted over stays.
    """
    paths = (
        *visible_files.interpreter(),
        *visible_files.loader_path(),
        *sys.path,
        visible_files.package_folder(),
        *more,
    )
    wanted = {os.path.realpath(path) for path in paths if path and Path(path).is_dir()}
    by_cover: dict[str, list[str]] = {}
    for path in sorted(wanted):  # a folder comes before what is in it
        cover = closed_to_others(str(Path(path).parent))
        if cover and not any(_inside(path, other) for other in by_cover.get(cover, ())):
            by_cover.setdefault(cover, []).append(path)
    for cover, kept in by_cover.items():
        with suppress(OSError):
            _cover(cover, kept)


def closed_to_others(path: str) -> str | None:
    """Return the first folder on the path, itself included, that other users can't enter."""
    real = Path(path).resolve()
    for folder in (*reversed(real.parents), real):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return str(folder)
    return None


def _cover(cover: str, kept: list[str]) -> None:
    """Mount an empty folder over ``cover`` and bind the folders ``kept`` into it."""
    places = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in kept}
    try:
        flags = _NO_SETUID | _NO_DEVICES
        mount("grader", cover, "tmpfs", flags, "size=1m,mode=755")
        for path, place in places.items():
            Path(path).mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{place}", path, None, _BIND | _RECURSIVE, None)
        mount(None, cover, None, _REMOUNT | _BIND | _READ_ONLY | flags, None)
    finally:
        for place in places.values():
            os.close(place)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)
