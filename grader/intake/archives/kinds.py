"""Recognises the kind of an archive by its first bytes, since names can be wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from grader.errors import GraderError
from grader.intake.names import is_notebook
from grader.quoting import file_name

if TYPE_CHECKING:
    from pathlib import Path

ArchiveKind = Literal["zip", "tar", "gz", "bz2", "xz"]

_STARTS: dict[bytes, ArchiveKind] = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",  # an empty one
    b"\x1f\x8b": "gz",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
}
_UNREAD = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard"}
_ENDINGS = (
    *(".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".7z", ".rar"),
    *(".zst", ".tzst"),
)
_TAR_MAGIC = slice(257, 262)
_BLOCK = 512


def has_archive_name(name: str) -> bool:
    """Whether a file's name is that of an archive."""
    return name.casefold().endswith(_ENDINGS)


def archive_stem(name: str) -> str:
    """Return an archive's name without its suffixes."""
    return re.sub(r"(?i)(\.tar)?\.[a-z0-9]+$", "", name)


def archive_kind(path: Path) -> ArchiveKind | None:
    """Return the kind of the archive at ``path``, or None if it is no archive.

    Raises ``GraderError`` for kinds that are not supported, and for files that have an archive's
    name, but not its bytes.
    """
    if is_notebook(path.name):
        return None
    try:
        with path.open("rb") as file:
            start = file.read(_BLOCK)
    except OSError:
        return None  # reading it as a notebook reports the reason
    name = file_name(path.name, 80)
    for magic, kind in _STARTS.items():
        if start.startswith(magic):
            return kind
    for magic, title in _UNREAD.items():
        if start.startswith(magic):
            raise GraderError(
                f"{name} is a {title} archive, which cannot be read",
                "Unpack it and name the folder, or pack it as zip or tar.gz.",
            )
    if start[_TAR_MAGIC] == b"ustar" or (start and path.name.casefold().endswith(".tar")):
        return "tar"
    if has_archive_name(path.name):
        raise GraderError(
            f"{name} is not an archive, whatever its name says",
            "Download it again: a page that asks to log in may have been saved instead.",
        )
    return None
