"""The members of one archive, sorted into those to read and remarks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from grader.classroom import Unclear
from grader.errors import GraderError, NotebookError
from grader.intake import caps
from grader.intake.names import (
    clean,
    is_notebook,
    is_skipped_file,
    is_skipped_folder,
    is_zip,
    member_parts,
)
from grader.notebook.text import is_text
from grader.quoting import file_name

if TYPE_CHECKING:
    from grader.intake.model import Parts

MemberKind = Literal["file", "folder", "link", "other"]
Handle = TypeVar("Handle")

_ODD = {
    "link": "a link, which is not followed",
    "other": "no regular file (a device, a pipe or a file with holes), which is not read",
}


@dataclass(frozen=True)
class Member:
    """A file in an archive: ``key`` identifies it, ``parts`` are its folders and its name."""

    key: str
    parts: Parts
    size: int
    time: float | None


class ArchiveListing(Generic[Handle]):
    """The files of an archive, each with the handle that its reader needs.

    Of the files that are neither notebooks nor zips only a few of a student's folder are kept.
    """

    def __init__(self, shown: str, *, within: bool = False) -> None:
        """Hold nothing yet; ``within`` means that a student packed it."""
        self.shown = shown
        self._within = within
        self.members: dict[str, tuple[Member, Handle]] = {}
        self.clones: set[Parts] = set()
        self.odd: list[Unclear] = []
        self._count = 0
        self._others: Counter[tuple[Parts, bool]] = Counter()

    def add(
        self, name: str, kind: MemberKind, size: int, time: float | None, handle: Handle
    ) -> None:
        """Add one entry; raises ``GraderError`` if there are too many."""
        self._count += 1
        if self._count > caps.MEMBERS:
            raise too_many_files(self.shown)
        if len(name) > caps.NAME:
            self._tell(clean(name[: caps.NAME]), "its name is too long, so it is not read")
            return
        parts = member_parts(name)
        if parts is None:
            self._tell(clean(name), "its name leads out of the archive, so it is not read")
            return
        if not parts or self._is_skipped(parts, kind):
            return
        key = "/".join(parts)
        if kind in _ODD:
            self._tell(key, _ODD[kind])
        elif kind == "file":
            self._add_file(Member(key, parts, size, time), handle)

    def _add_file(self, member: Member, handle: Handle) -> None:
        name, folder = member.parts[-1], member.parts[:-1]
        if not is_notebook(name) and not is_zip(name):
            beside = folder, is_text(name)
            self._others[beside] += 1
            outer = not self._within and len(folder) < caps.OUTER_DEPTH
            if self._others[beside] > (caps.OTHERS if outer else caps.OTHERS_WITHIN):
                return
        if member.key in self.members:
            self._tell(member.key, "the archive holds several files of this name; the last counts")
        self.members[member.key] = (member, handle)

    def handle(self, key: str) -> Handle:
        """Return a member's handle; raises ``NotebookError`` if there is no such member."""
        if key not in self.members:
            name = file_name(key.rpartition("/")[2], 80)
            raise NotebookError(
                f"{name} is no longer in its archive", "The archive was changed: start again."
            )
        return self.members[key][1]

    def _is_skipped(self, parts: Parts, kind: MemberKind) -> bool:
        folders = parts if kind == "folder" else parts[:-1]
        if ".git" in parts:  # a folder, or a file in a linked work tree
            self.clones.add(parts[: parts.index(".git")])
            return True
        if any(is_skipped_folder(part) for part in folders):
            return True
        return kind != "folder" and is_skipped_file(parts[-1])

    def _tell(self, key: str, reason: str) -> None:
        self.odd.append(Unclear(f"{self.shown}/{key}", reason))


def too_many_files(shown: str) -> GraderError:
    """Return the error for an archive of too many files; ``shown`` is untrusted."""
    return GraderError(
        f"{file_name(shown, 120)} holds too many files to look into",
        "Pack the submissions alone, or unpack it and name the folder.",
    )


def damaged(shown: str) -> GraderError:
    """Return the error for an archive that cannot be opened; ``shown`` is untrusted."""
    return GraderError(
        f"{file_name(shown, 120)} cannot be opened: it is damaged, or not the kind of archive "
        "that its name says",
        "Download it again, or unpack it and name the folder.",
    )
