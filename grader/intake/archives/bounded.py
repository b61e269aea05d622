"""Reading no more than was meant, whatever an archive says about itself."""

from __future__ import annotations

from typing import IO, BinaryIO

from grader.errors import NotebookError
from grader.intake import caps
from grader.notebook.read import too_large
from grader.text import printable

# One piece of a bz2 or xz stream unpacks at once, to 20,000 times its size at worst.
_PIECE = 4096


class TooMuchAtOnceError(ValueError):
    """A list of contents, or a header, is longer than it may be."""


class BoundedReads:
    """A binary file that hands out at most ``most`` bytes at once.

    zipfile and tarfile read a list of contents, or a header, as long as the archive says it is.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most

    def read(self, size: int = -1) -> bytes:
        """Read as a file does. Raises ``TooMuchAtOnceError`` when it is more than may be."""
        wanted = self._most + 1 if size < 0 else min(size, self._most + 1)
        data = self._file.read(wanted)
        if len(data) > self._most:
            raise TooMuchAtOnceError
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek as a file does."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Say where the file is."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Say that it can seek."""
        return True


def read_member(stream: IO[bytes], key: str) -> bytes:
    """Return all bytes of a member. Raises ``NotebookError`` when they are too many."""
    pieces, total = [], 0
    while piece := stream.read(_PIECE):
        pieces.append(piece)
        total += len(piece)
        if total > caps.MEMBER_BYTES:
            raise too_large(shown_name(key))
    return b"".join(pieces)


def shown_name(key: str) -> str:
    """Return a member's own name, safe to show."""
    return printable(key.rpartition("/")[2], 80) or '""'


def damaged_member(key: str) -> NotebookError:
    """Return the error for a member whose bytes are not those that were packed."""
    return NotebookError(
        f"{shown_name(key)} is damaged in its archive", "Download the archive again."
    )
