"""The files that were found, and whose they are, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.classroom import Unclear

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One file: on disk, or the ``member`` of the archive at ``path``.

    ``parts`` are its path's names below the PATH that the user gave, ``above`` those that lead to
    the PATH. A zip within is a folder in ``parts``; ``origin`` names the file in messages.
    """

    path: Path
    member: str | None
    origin: str
    above: Parts
    parts: Parts
    size: int
    time: float | None  # of the last change, in seconds since 1970

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]


@dataclass(frozen=True)
class Tree:
    """The files at one PATH, or all notebooks that were named one by one.

    ``others`` are some of the files that are no notebooks, ``clones`` the folders with a ``.git``.
    """

    shown: str
    notebooks: tuple[Item, ...]
    others: tuple[Item, ...] = ()
    clones: frozenset[Parts] = frozenset()
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class Owner:
    """The owner of a file, as its layout tells it.

    ``own`` is the student's name for the file, without its suffix. ``attempt`` orders a student's
    attempts if the layout keeps several, and is empty otherwise.
    """

    id: str
    name: str = ""
    own: str = ""
    attempt: tuple[int, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class Layout:
    """A recognised layout of a download: its name in words, and how it tells a file's owner."""

    title: str
    whose: Callable[[Item], Owner | None]


@dataclass(frozen=True)
class Claim:
    """A notebook with its owner and the number of its tree."""

    item: Item
    owner: Owner
    tree: int
    plain: bool = False  # only the name of a file or folder tells the owner
