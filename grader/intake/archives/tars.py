"""Tar archives; a compressed one is unpacked first, since it can't be read at random."""

from __future__ import annotations

import bz2
import gzip
import lzma
import math
import tarfile
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from grader.classroom import Unclear
from grader.errors import GraderError, NotebookError
from grader.intake import caps
from grader.intake.archives.bounded import BoundedReads, damaged_member, shown_name
from grader.intake.archives.listing import ArchiveListing, MemberKind, damaged
from grader.intake.names import clean, decode
from grader.notebook.read import too_large
from grader.quoting import file_name
from grader.text import printable

if TYPE_CHECKING:
    from pathlib import Path

_PIECE = 1 << 16  # bytes; the last incomplete piece of a truncated file is lost
_BLOCK = 512
_CUT = "the archive is damaged; whatever follows in it was not read"


class TarArchive:
    """An uncompressed tar; holds no file open and can be read from several threads."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read all headers; raises ``GraderError`` if there is none."""
        self._path = path
        # A member's offset and size in bytes.
        self.listing: ArchiveListing[tuple[int, int]] = ArchiveListing(shown)
        try:
            with path.open("rb") as file:
                whole = self._list(file)
        except OSError as error:
            raise unreadable(shown, error) from None
        if not whole:
            if not self.listing.members:
                raise damaged(shown)
            self.listing.odd.append(Unclear(shown, _CUT))

    def _list(self, file: BinaryIO) -> bool:
        """List the members; return whether the archive is complete."""
        bounded = cast("IO[bytes]", BoundedReads(file, caps.TAR_HEADER_BYTES))
        try:
            with tarfile.open(fileobj=bounded, mode="r:") as tar:
                end = -1
                for info in tar:
                    # tarfile accepts negative sizes and would loop for ever.
                    if info.offset <= end or info.size < 0:
                        return False
                    end = info.offset
                    place = (info.offset_data, info.size)
                    self.listing.add(_name(info), _kind(info), info.size, _time(info), place)
                # tarfile takes a broken header for the end; the real end is a block of zeros.
                file.seek(tar.offset)
                return file.read(_BLOCK) == bytes(_BLOCK)
        except GraderError:
            raise
        except Exception:  # noqa: BLE001 - a damaged archive may raise anything inside tarfile
            return False

    def read(self, key: str) -> bytes:
        """Return a member's bytes; raises ``NotebookError`` if they cannot be read."""
        offset, size = self.listing.handle(key)
        if size > caps.MEMBER_BYTES:
            raise too_large(shown_name(key))
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                data = file.read(size)
        except OSError as error:
            why = printable(error.strerror or str(error), 80)
            raise NotebookError(
                f"{shown_name(key)} cannot be read from its archive ({why})", "Check the archive."
            ) from None
        if len(data) < size:
            raise damaged_member(key)
        return data

    def close(self) -> None:
        """Do nothing: no file is open."""


def unpack(path: Path, compression: str, target: Path, shown: str) -> None:
    """Decompress a ``gz``, ``bz2`` or ``xz`` file to ``target``.

    A truncated file gives a truncated tar, which its reader reports. Raises ``GraderError`` if the
    tar exceeds its bounds, the file cannot be read, or the disk is full.
    """
    written = 0
    try:
        with path.open("rb") as packed, target.open("xb") as file:
            stream = _decompressor(packed, compression)
            while True:
                try:
                    piece = stream.read1(_PIECE)
                except (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error):
                    return
                if not piece:
                    return
                written += len(piece)
                _refuse_bombs(written, packed.tell(), shown)
                file.write(piece)
    except OSError as error:
        raise unreadable(shown, error) from None


def _decompressor(
    packed: BinaryIO, compression: str
) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    if compression == "gz":
        return gzip.GzipFile(fileobj=packed)
    if compression == "bz2":
        return bz2.BZ2File(packed)
    return lzma.LZMAFile(packed)


def _refuse_bombs(written: int, read: int, shown: str) -> None:
    ratio = written > max(caps.RATIO_FROM_BYTES, caps.RATIO * read)
    if ratio or written > caps.UNPACKED_BYTES:
        how = f"{caps.RATIO} times its size" if ratio else f"{caps.UNPACKED_BYTES // 10**9} GB"
        raise GraderError(
            f"{file_name(shown, 120)} unpacks to more than {how}",
            "No class does. Look at it before you grade it.",
        )


def unreadable(shown: str, error: OSError) -> GraderError:
    """Return the error for an archive that the system does not let us read or unpack."""
    why = printable(error.strerror or str(error), 80)
    return GraderError(
        f"{file_name(shown, 120)} cannot be read or unpacked ({why})",
        "Check its permissions, and the room in the folder for temporary files (TMPDIR).",
    )


def _name(info: tarfile.TarInfo) -> str:
    try:
        # Bytes that are not UTF-8 were decoded as surrogates.
        return decode(info.name.encode("utf-8", "surrogateescape"), "latin-1")
    except UnicodeEncodeError:
        return clean(info.name)


def _kind(info: tarfile.TarInfo) -> MemberKind:
    if info.isdir():
        return "folder"
    if info.issym() or info.islnk():
        return "link"
    return "file" if info.isreg() and not info.issparse() else "other"


def _time(info: tarfile.TarInfo) -> float | None:
    return float(info.mtime) if math.isfinite(info.mtime) and info.mtime > 0 else None
