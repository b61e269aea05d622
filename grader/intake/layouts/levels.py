"""The names at each depth of a tree: a layout is decided by the outermost one that fits.

What lies inside a student's folder or zip is the student's to name, so no layout may follow from
it. A form must therefore fit in more than half of the folders of a depth: whoever fills one folder
decides nothing for the others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.intake.model import Item, Parts

# The folder or archive that the user named, where a layout allows that to be one student's.
NAMED = -1
_DEEPEST = 6


class Levels:
    """The paths to a tree's notebooks, by depth and by the folder that they lie in.

    Depth 0 is what lies directly in the PATH that the user gave, ``NAMED`` the PATH itself.
    """

    def __init__(self, notebooks: Iterable[Item]) -> None:
        """Sort the paths to the notebooks."""
        self._at: defaultdict[int, defaultdict[object, set[Parts]]]
        self._at = defaultdict(lambda: defaultdict(set))
        for item in notebooks:
            if item.above:
                self._at[NAMED][item.above[:-1]].add(item.above[-1:])
            for depth in range(min(len(item.parts), _DEEPEST)):
                above = (item.above, item.parts[:depth])
                self._at[depth][above].add(item.parts[: depth + 1])

    def outermost(self, fits: Callable[[Parts], object], lowest: int = 0) -> int | None:
        """Return the smallest depth, at least ``lowest``, whose paths mostly fit, if there is one.

        ``fits`` gets a path below the PATH that the user gave (at ``NAMED`` the PATH's name).
        """
        for depth in range(lowest, _DEEPEST):
            folders = self._at[depth].values()
            fitting = sum(
                2 * sum(bool(fits(path)) for path in paths) >= len(paths) for paths in folders
            )
            if fitting and (len(folders) == 1 or 2 * fitting > len(folders)):
                return depth
        return None

    def paths(self, depth: int) -> list[Parts]:
        """Return all paths of a depth."""
        return [path for paths in self._at[depth].values() for path in paths]


def name_at(item: Item, depth: int) -> str:
    """Return the name at a depth of an item's path, and an empty text if it is not that deep."""
    if depth == NAMED:
        return item.above[-1] if item.above else ""
    return item.parts[depth] if depth < len(item.parts) else ""


def is_file_at(item: Item, depth: int) -> bool:
    """Whether the name at a depth is the file's own."""
    return depth == len(item.parts) - 1
