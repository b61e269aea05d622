"""Zip archives, on disk or within another archive."""

from __future__ import annotations

import stat
import time
import zipfile
from typing import IO, BinaryIO, cast

from grader.errors import GraderError, NotebookError
from grader.intake import caps
from grader.intake.archives.bounded import (
    BoundedReads,
    TooMuchAtOnceError,
    damaged_member,
    read_member,
    shown_name,
)
from grader.intake.archives.listing import ArchiveListing, MemberKind, damaged, too_many_files
from grader.intake.names import decode
from grader.notebook.read import too_large

_UTF8 = 0x800
_ENCRYPTED = 0x1


class ZipArchive:
    """An open zip; its members can be read from several threads."""

    def __init__(self, file: BinaryIO, shown: str, *, within: bool = False) -> None:
        """Read the central directory; raises ``GraderError`` if that fails.

        ``within`` means that it lies in another archive.
        """
        self._file = file
        most_index = caps.INNER_INDEX_BYTES if within else caps.INDEX_BYTES
        self.listing: ArchiveListing[zipfile.ZipInfo] = ArchiveListing(shown, within=within)
        try:
            self._zip = zipfile.ZipFile(cast("IO[bytes]", BoundedReads(file, most_index)))
            for info in self._zip.infolist():
                self.listing.add(_name(info), _kind(info), info.file_size, _time(info), info)
        except Exception as error:  # a damaged archive may raise anything from inside zipfile
            file.close()
            if isinstance(error, GraderError):
                raise
            if isinstance(error, TooMuchAtOnceError):
                raise too_many_files(shown) from None
            raise damaged(shown) from None

    def read(self, key: str) -> bytes:
        """Return a member's bytes; raises ``NotebookError`` if they cannot be read."""
        info = self.listing.handle(key)
        _refuse_by_what_is_said(info, key)
        try:
            with self._zip.open(info) as stream:
                return read_member(stream, key)
        except NotebookError:
            raise
        except NotImplementedError:
            raise NotebookError(
                f"{shown_name(key)} is packed in a way that cannot be read",
                "Unpack the archive and name the folder.",
            ) from None
        except Exception:  # noqa: BLE001 - as above
            raise damaged_member(key) from None

    def close(self) -> None:
        """Close the file, which ``ZipFile`` does not close itself."""
        self._zip.close()
        self._file.close()


def _refuse_by_what_is_said(info: zipfile.ZipInfo, key: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise NotebookError(
            f"{shown_name(key)} is locked with a password",
            "Unpack the archive with its password and name the folder.",
        )
    if info.file_size > caps.MEMBER_BYTES:
        raise too_large(shown_name(key))
    if info.file_size > max(caps.RATIO_FROM_BYTES, caps.RATIO * info.compress_size):
        raise NotebookError(
            f"{shown_name(key)} unpacks to more than {caps.RATIO} times its size",
            "No notebook does. Look at it before you grade it.",
        )


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name with ``/`` between folders.

    Names that are not marked as UTF-8 were decoded as cp437. macOS writes UTF-8 without the mark,
    Korean Windows cp949.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        name = decode(name.encode("cp437"), "cp437")
    return name.replace("\\", "/")  # some programs for Windows write backslashes


def _kind(info: zipfile.ZipInfo) -> MemberKind:
    if info.is_dir():
        return "folder"
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_IFMT(mode) in {0, stat.S_IFREG} else "other"


def _time(info: zipfile.ZipInfo) -> float | None:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return None
