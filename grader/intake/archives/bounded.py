"""Bounded reads, whatever sizes an archive claims."""

from __future__ import annotations

from typing import IO, BinaryIO

from grader.errors import NotebookError
from grader.intake import caps
from grader.notebook.read import too_large
from grader.quoting import file_name

# A bz2 or xz stream decompresses in pieces, each to 20,000 times its size at worst.
_PIECE = 4096


class TooMuchAtOnceError(ValueError):
    """A directory or a header of an archive is too long."""


class BoundedReads:
    """A binary file that returns at most ``most`` bytes at once.

    zipfile and tarfile read a directory or a header of whatever length the archive claims.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most

    def read(self, size: int = -1) -> bytes:
        """Read as a file does; raises ``TooMuchAtOnceError`` beyond ``most`` bytes."""
        wanted = self._most + 1 if size < 0 else min(size, self._most + 1)
        data = self._file.read(wanted)
        if len(data) > self._most:
            raise TooMuchAtOnceError
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek as a file does."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Return True."""
        return True


def read_member(stream: IO[bytes], key: str) -> bytes:
    """Return all bytes of a member; raises ``NotebookError`` if they are too many."""
    pieces, total = [], 0
    while piece := stream.read(_PIECE):
        pieces.append(piece)
        total += len(piece)
        if total > caps.MEMBER_BYTES:
            raise too_large(shown_name(key))
    return b"".join(pieces)


def shown_name(key: str) -> str:
    """Return a member's own name, safe to show."""
    return file_name(key.rpartition("/")[2], 80) or '""'


def damaged_member(key: str) -> NotebookError:
    """Return the error for a member whose bytes are damaged."""
    return NotebookError(
        f"{shown_name(key)} is damaged in its archive", "Download the archive again."
    )
