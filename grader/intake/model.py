"""What flows through the room: files that were found, and whose they are."""

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

    ``parts`` are its names below the PATH that the user gave, ``above`` those of the folders that
    lead to it. A zip within is a folder in ``parts``; ``origin`` is for showing.
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
    """What lies at one PATH, or all the notebooks that were named one by one.

    ``others`` are some of the files that are no notebooks, ``clones`` the folders with a ``.git``.
    """

    shown: str
    notebooks: tuple[Item, ...]
    others: tuple[Item, ...] = ()
    clones: frozenset[Parts] = frozenset()
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class Owner:
    """Whose file it is, as far as its layout says.

    ``own`` is the name that the student gave to the file, without its ending. ``attempt`` orders
    the attempts of a student where the layout keeps several; it is empty elsewhere.
    """

    id: str
    name: str = ""
    own: str = ""
    attempt: tuple[int, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class Layout:
    """A way to hand in that was recognised, in words, and how it tells whose a file is."""

    title: str
    whose: Callable[[Item], Owner | None]


@dataclass(frozen=True)
class Claim:
    """A notebook, whose it is, and which of the trees it is from."""

    item: Item
    owner: Owner
    tree: int
    plain: bool = False  # nothing but the name of a file or folder says whose it is
