"""Keeps archives open while a class is graded."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from contextlib import ExitStack
from typing import TYPE_CHECKING

from grader.intake import caps
from grader.intake.archives.kinds import archive_kind
from grader.intake.archives.listing import damaged
from grader.intake.archives.opened import Archive, Opened
from grader.intake.archives.tars import TarArchive, unpack, unreadable
from grader.intake.archives.zips import ZipArchive
from grader.intake.names import clean
from grader.temporary import temporary_folder

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self


class Archives:
    """Opens each archive once, for all reads of its members; a context manager.

    A zip is read in place. A compressed tar is decompressed once, into a temporary folder that is
    removed on ``close``; no member's name becomes a file name. It may be shared between threads,
    not between processes.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        self._lock = threading.RLock()
        self._open: OrderedDict[str, Opened] = OrderedDict()
        self._unpacked: dict[str, Path] = {}  # the plain tar of each compressed one
        self._temporary = ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all archives and remove the temporary folder; archives may be opened again."""
        with self._lock:
            for opened in self._open.values():
                opened.close()
            self._open.clear()
            self._unpacked.clear()
            self._temporary.close()
            self._folder = None

    def open(self, path: Path, shown: str) -> Opened:
        """Return the opened archive at ``path``; ``shown`` names it in remarks.

        Raises ``GraderError`` if it cannot be opened.
        """
        with self._lock:
            key = os.path.realpath(path)
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
            self._open[key] = Opened(self._archive(path, key, shown))
            while len(self._open) > caps.OPEN_ARCHIVES:
                self._open.popitem(last=False)[1].close()
            return self._open[key]

    def read(self, path: Path, member: str) -> bytes:
        """Return a member's bytes; raises ``GraderError`` if they cannot be read."""
        with self._lock:
            return self.open(path, clean(path.name)).read(member)

    def _archive(self, path: Path, key: str, shown: str) -> Archive:
        kind = archive_kind(path)
        try:
            if kind == "zip":
                return ZipArchive(path.open("rb"), shown)
            if kind == "tar":
                return TarArchive(path, shown)
            if kind is None:
                raise damaged(shown)
            if key not in self._unpacked:
                target = self._made() / f"{len(self._unpacked)}.tar"
                unpack(path, kind, target, shown)
                self._unpacked[key] = target
        except OSError as error:
            raise unreadable(shown, error) from None
        return TarArchive(self._unpacked[key], shown)

    def _made(self) -> Path:
        if self._folder is None:
            self._folder = self._temporary.enter_context(temporary_folder())
        return self._folder
