"""An opened archive, together with the zips that students put into it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Protocol

from grader.classroom import Unclear
from grader.errors import GraderError
from grader.intake import caps
from grader.intake.archives.listing import ArchiveListing, Member
from grader.intake.archives.zips import ZipArchive
from grader.intake.names import is_notebook, is_zip, stem
from grader.intake.remarks import shortened
from grader.notebook.text import is_text

if TYPE_CHECKING:
    from grader.intake.model import Parts


class Archive(Protocol):
    """The interface of every kind of archive."""

    @property
    def listing(self) -> ArchiveListing[Any]:
        """The members."""

    def read(self, key: str) -> bytes:
        """Return a member's bytes; raises ``NotebookError``."""

    def close(self) -> None:
        """Close its file."""


class Opened:
    """All files of an archive, including those in zips within it, one level deep.

    A member's key is its path, with an inner zip under its own name, so that keys are the same each
    time the archive is opened.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._inner: dict[str, tuple[str, str]] = {}  # key: the zip's key, and the key in it
        self._budget = caps.UNPACKED_BYTES
        listing = archive.listing
        self.members: dict[str, Member] = {key: m for key, (m, _) in listing.members.items()}
        self.clones: set[Parts] = set(listing.clones)
        odd = list(listing.odd)
        for member in [m for m in self.members.values() if is_zip(m.key)]:
            odd += self._look_into(member)
        self.odd: list[Unclear] = shortened(odd)

    def read(self, key: str) -> bytes:
        """Return a member's bytes; raises ``NotebookError`` if they cannot be read."""
        if key not in self._inner:
            return self._archive.read(key)
        outer, inner = self._inner[key]
        return self._open_inner(outer).read(inner)

    def close(self) -> None:
        """Close the archive's files."""
        self._archive.close()

    def _open_inner(self, key: str) -> ZipArchive:
        data = io.BytesIO(self._archive.read(key))
        shown = f"{self._archive.listing.shown}/{key}"
        return ZipArchive(data, shown, within=True)

    def _look_into(self, member: Member) -> list[Unclear]:
        shown = f"{self._archive.listing.shown}/{member.key}"
        self._budget -= member.size
        if self._budget < 0:
            return [Unclear(shown, "not looked into: the zips in this archive are too large")]
        try:
            inner = self._open_inner(member.key)
        except GraderError as error:
            return [Unclear(shown, error.message)]
        folder = (*member.parts[:-1], stem(member.parts[-1]))
        found = {}
        for key, (within, _) in inner.listing.members.items():
            parts = (*folder, *within.parts)
            outer = f"{member.key}/{key}"
            found[outer] = Member(outer, parts, within.size, within.time)
            self._inner[outer] = (member.key, key)
        odd = [
            Unclear(f"{shown}/{key}", "a zip within a zip, which is not looked into")
            for key, (within, _) in inner.listing.members.items()
            if is_zip(within.parts[-1])
        ]
        names = [one.parts[-1] for one in found.values()]
        if any(is_notebook(name) or is_text(name) for name in names):
            del self.members[member.key]
            self.members |= found
        return shortened([*inner.listing.odd, *odd])
