"""Finds the submissions in a folder; links, which could lead out of it, are not followed."""

from __future__ import annotations

import os
import stat
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.classroom.names import ANNOTATED, DATABASE
from grader.errors import GraderError
from grader.intake import caps
from grader.intake.model import Item, Parts, Tree
from grader.intake.names import (
    clean,
    folders_to,
    is_notebook,
    is_skipped_file,
    is_skipped_folder,
    is_zip,
    natural,
    stem,
)
from grader.intake.remarks import shortened
from grader.notebook.text import is_text
from grader.quoting import file_name
from grader.text import printable

if TYPE_CHECKING:
    from grader.intake.archives import Archives

_LINK = "a link, which is not followed: it may lead to another student's work"


def walk(root: Path, shown: str, archives: Archives) -> Tree:
    """Return the files in the folder ``root``, including those in zips.

    Links are not followed. Raises ``GraderError`` if the folder cannot be read or exceeds
    ``caps.FILES`` or ``caps.DEPTH``.
    """
    return _Walk(root, shown, archives).tree()


class _Walk:
    def __init__(self, root: Path, shown: str, archives: Archives) -> None:
        self._root = root
        self._shown = shown
        self._prefix = "" if shown in {".", "./"} else shown.rstrip("/") + "/"
        self._archives = archives
        self._above = folders_to(root)
        self._notebooks: list[Item] = []
        self._others: list[Item] = []
        self._others_in: Counter[tuple[Parts, bool]] = Counter()
        self._clones: set[Parts] = set()
        self._odd: list[Unclear] = []
        self._count = 0

    def tree(self) -> Tree:
        waiting: list[tuple[Path, Parts]] = [(self._root, ())]
        while waiting:
            folder, parts = waiting.pop()
            for entry in self._entries(folder, parts):
                below = (*parts, clean(entry.name))
                if entry.is_symlink():
                    self._add_link(entry, below)
                elif not entry.is_dir(follow_symlinks=False):
                    self._add_file(entry, below)
                elif entry.name == ".git":
                    self._clones.add(parts)
                elif is_skipped_folder(entry.name) or _is_output(folder, entry.name):
                    continue
                elif len(below) < caps.DEPTH:
                    waiting.append((Path(entry.path), below))
                else:
                    self._tell(below, "too deep a folder, which was not looked into")
        return Tree(
            self._shown,
            tuple(sorted(self._notebooks, key=lambda item: natural("/".join(item.parts)))),
            tuple(sorted(self._others, key=lambda item: natural("/".join(item.parts)))),
            frozenset(self._clones),
            tuple(shortened(sorted(self._odd, key=lambda odd: natural(odd.origin)))),
            partial(_read, self._archives),
        )

    def _entries(self, folder: Path, parts: Parts) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                found = []
                for entry in entries:
                    self._count += 1
                    if self._count > caps.FILES:
                        raise GraderError(
                            f"{file_name(self._shown, 120)} holds more than {caps.FILES:,} files",
                            "Name the folder that holds the submissions.",
                        )
                    found.append(entry)
        except OSError as error:
            why = printable(error.strerror or str(error), 80)
            if not parts:
                raise GraderError(
                    f"the folder {file_name(self._shown, 120)} cannot be read ({why})",
                    "Check its permissions.",
                ) from None
            self._tell(parts, f"a folder that cannot be read ({why})")
            return []
        return sorted(found, key=lambda entry: entry.name)

    def _add_link(self, entry: os.DirEntry[str], parts: Parts) -> None:
        name = parts[-1]
        if is_skipped_folder(name):
            return
        if is_notebook(name) or is_zip(name) or _leads_to_folder(entry):
            self._tell(parts, _LINK)

    def _add_file(self, entry: os.DirEntry[str], parts: Parts) -> None:
        name, folder = parts[-1], parts[:-1]
        if name == ".git":  # stands for the folder in a work tree
            self._clones.add(folder)
            return
        if is_skipped_file(name):
            return
        wanted = is_notebook(name) or is_zip(name)
        if not wanted:
            kind = folder, is_text(name)
            self._others_in[kind] += 1
            outer = len(folder) < caps.OUTER_DEPTH
            if self._others_in[kind] > (caps.OTHERS if outer else caps.OTHERS_WITHIN):
                return
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError:
            return  # gone since
        if not stat.S_ISREG(about.st_mode):
            if wanted:
                self._tell(parts, "no regular file, which is not read")
            return
        item = Item(
            Path(entry.path),
            None,
            self._origin(parts),
            self._above,
            parts,
            about.st_size,
            about.st_mtime,
        )
        if is_zip(name) and self._look_into(item):
            return
        (self._notebooks if is_notebook(name) else self._others).append(item)

    def _look_into(self, item: Item) -> bool:
        """Add a zip's files; return whether a notebook is among them, or what may be one."""
        try:
            inside = items_within(
                item.path,
                self._archives,
                item.origin,
                self._above,
                (*item.parts[:-1], stem(item.name)),
            )
        except GraderError as error:
            self._odd.append(Unclear(item.origin, error.message))
            return False
        self._notebooks += inside.notebooks
        wanted = bool(inside.notebooks) or any(is_text(item.name) for item in inside.others)
        self._others += inside.others if wanted else ()
        self._odd += inside.unclear
        self._clones |= inside.clones
        return wanted

    def _origin(self, parts: Parts) -> str:
        return self._prefix + "/".join(parts)

    def _tell(self, parts: Parts, reason: str) -> None:
        self._odd.append(Unclear(self._origin(parts), reason))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # in a circle, or to where we may not look


def items_within(path: Path, archives: Archives, shown: str, above: Parts, folder: Parts) -> Tree:
    """Return an archive's files as if they lay in ``folder``; raises ``GraderError``."""
    opened = archives.open(path, shown)
    items = [
        Item(path, m.key, f"{shown}/{m.key}", above, (*folder, *m.parts), m.size, m.time)
        for m in opened.members.values()
    ]
    items.sort(key=lambda item: natural("/".join(item.parts)))
    return Tree(
        shown,
        tuple(item for item in items if is_notebook(item.name)),
        tuple(item for item in items if not is_notebook(item.name)),
        frozenset((*folder, *clone) for clone in opened.clones),
        tuple(opened.odd),
        partial(_read, archives),
    )


def _read(archives: Archives, item: Item) -> bytes:
    """Return the first bytes of a file that lies beside notebooks, none if it cannot be read."""
    try:
        if item.member is not None:
            return archives.read(item.path, item.member)[: caps.SIDE_FILE_BYTES]
        with item.path.open("rb") as file:
            return file.read(caps.SIDE_FILE_BYTES)
    except (GraderError, OSError, ValueError):
        return b""


def _is_output(folder: Path, name: str) -> bool:
    """Whether this is where a class that was graded into ``folder`` has its annotated notebooks."""
    return name == ANNOTATED and (folder / DATABASE).is_file()
