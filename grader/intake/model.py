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


def _nothing(_item: Item) -> bytes:
    return b""


@dataclass(frozen=True)
class Tree:
    """The files at one PATH, or all notebooks that were named one by one.

    ``others`` are files that are no notebooks, of some folders only the first, ``clones`` the
    folders with a ``.git``. ``read`` returns a small file's first bytes, none if it cannot be read.
    ``of_course`` means that all of a course's assignments in it are wanted, and not one.
    """

    shown: str
    notebooks: tuple[Item, ...]
    others: tuple[Item, ...] = ()
    clones: frozenset[Parts] = frozenset()
    unclear: tuple[Unclear, ...] = ()
    read: Callable[[Item], bytes] = _nothing
    of_course: bool = False


@dataclass(frozen=True)
class Owner:
    """The owner of a file, as its layout tells it.

    ``ids`` are further ids of the same person, such as a login or an address. ``own`` is the
    student's name for the file, without its suffix. ``attempt`` orders a student's attempts if the
    layout keeps several (a number, or a date's year to second), and is empty otherwise. ``team``
    means that the layout itself says so; ``members`` are the people of a team, if it names them.
    ``participant`` means that the id is Moodle's number in one assignment, and no student number.
    ``by_file`` means that ``attempt`` counts uploaded files, of which one attempt may have several.
    ``time`` is when it was handed in, as the layout writes it: a date, a time, and the zone if it
    says one.
    """

    id: str
    name: str = ""
    own: str = ""
    attempt: tuple[int, ...] = ()
    late: bool = False
    ids: tuple[str, ...] = ()
    team: bool = False
    members: tuple[Owner, ...] = ()
    participant: bool = False
    by_file: bool = False
    time: str = ""


def _always_handed_in(_item: Item) -> str:
    return ""


@dataclass(frozen=True)
class Layout:
    """A recognised layout of a download: its name in words, and how it tells a file's owner.

    ``why_not`` returns why a file is no submission (the task itself, a corrected copy, feedback),
    and an empty text for one that is. ``depth`` is the place of the students' names in a path below
    what the user named; -1 is that itself.
    """

    title: str
    whose: Callable[[Item], Owner | None]
    why_not: Callable[[Item], str] = _always_handed_in
    depth: int = 0


@dataclass(frozen=True)
class Claim:
    """A notebook with its owner, the number of its tree, and the team's name if it is a team's.

    ``unsure`` means that nothing says for certain that the owner is in the class.
    """

    item: Item
    owner: Owner
    tree: int
    plain: bool = False  # only the name of a file or folder tells the owner
    team: str = ""
    unsure: bool = False
