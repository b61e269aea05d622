"""Makes, measures and removes the scratch folders of worker processes."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 60.0
_MANY_FILES = 10_000
_DEEP = 100
_BLOCK_BYTES = 512
_HAS_DIR_FD = {os.open, os.rename, os.rmdir, os.stat, os.unlink} <= os.supports_dir_fd


def make(parent: str | None = None) -> str:
    """Make an empty folder that only this user can enter; return its absolute path."""
    return tempfile.mkdtemp(prefix="grader-", dir=parent)


def remove(folder: str) -> None:
    """Remove a folder and its contents, of any depth and with any modes.

    Raises nothing: what can't be removed stays.
    """
    path = Path(folder)
    with suppress(OSError):
        if not stat.S_ISDIR(path.lstat().st_mode):
            path.unlink()
            return
        path.chmod(0o700)
        if _HAS_DIR_FD:
            _empty(folder)
        else:
            shutil.rmtree(folder, onerror=_allow_and_retry)
        path.rmdir()


def exceeds(folder: str, limit: int) -> bool:
    """Whether a folder's contents take more than ``limit`` bytes of disk.

    More than ``_MANY_FILES`` files, ``_DEEP`` levels, or a folder that can't be listed count as
    too much.
    """
    left, files = limit, 0
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as listed:
                entries = list(islice(listed, _MANY_FILES + 1))
        except PermissionError:
            if here != folder:  # the top folder is ours, and a submission can't change its mode
                return True
            continue
        except OSError:  # it is gone
            continue
        files += len(entries)
        if files > _MANY_FILES or depth > _DEEP:
            return True
        for entry in entries:
            with suppress(OSError):  # it is gone
                found = entry.stat(follow_symlinks=False)
                left -= getattr(found, "st_blocks", 0) * _BLOCK_BYTES
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, depth + 1))
        if left < 0:
            return True
    return False


def _empty(folder: str) -> None:
    """Remove the folder's contents without recursion and without following links.

    Nested folders are moved up to the top first, so that neither Python's stack nor the length of
    a path nor the number of descriptors limits their depth.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        progress = True
        while progress and time.monotonic() < deadline:
            progress = False
            for name in os.listdir(top):  # noqa: PTH208  # a descriptor has no path
                progress |= _take(name, top)
    finally:
        os.close(top)


def _take(name: str, top: int) -> bool:
    """Remove one entry of ``top`` except its subfolders, which move to ``top``.

    Return whether anything was removed or moved.
    """
    progress = False
    with suppress(OSError):
        if not _is_folder(name, top):
            os.unlink(name, dir_fd=top)
            return True
        os.chmod(name, 0o700, dir_fd=top)
        inside = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
        try:
            for entry in os.listdir(inside):  # noqa: PTH208  # a descriptor has no path
                with suppress(OSError):
                    if _is_folder(entry, inside):
                        os.chmod(entry, 0o700, dir_fd=inside)
                        fresh = secrets.token_hex(8)
                        os.rename(entry, fresh, src_dir_fd=inside, dst_dir_fd=top)
                    else:
                        os.unlink(entry, dir_fd=inside)
                    progress = True
        finally:
            os.close(inside)
        os.rmdir(name, dir_fd=top)
        progress = True
    return progress


def _is_folder(name: str, parent: int) -> bool:
    """Whether an entry is a folder itself, not a link to one."""
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _allow_and_retry(function: Any, path: str, _error: Any) -> None:
    """Make ``path`` writable and try again, for ``shutil.rmtree``."""
    with suppress(OSError):
        Path(path).chmod(0o700)
        function(path)
