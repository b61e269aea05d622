"""The names at each depth of a tree: a layout is decided by the outermost one that fits.

What lies inside a student's folder or zip is the student's to name, so no layout may follow from
it. A form must therefore fit in more than half of the folders at each depth above it: whoever fills
one folder decides nothing for the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.intake.model import Item, Parts

# The folder or archive that the user named, where a layout allows that to be one student's.
NAMED = -1
_DEEPEST = 6

# The names that lead to what the user named, and those from there on.
_Node = tuple["Parts", "Parts"]


class Levels:
    """The paths to a tree's notebooks, by depth.

    Depth 0 is what lies directly in the PATH that the user gave, ``NAMED`` the PATH itself.
    """

    def __init__(self, notebooks: Iterable[Item]) -> None:
        """Sort the paths to the notebooks."""
        self._called: defaultdict[int, defaultdict[str, set[_Node]]]
        self._called = defaultdict(lambda: defaultdict(set))
        for item in notebooks:
            if item.above:
                self._called[NAMED][item.above[-1]].add((item.above[:-1], item.above[-1:]))
            for depth in range(min(len(item.parts), _DEEPEST)):
                self._called[depth][item.parts[depth]].add((item.above, item.parts[: depth + 1]))
        self._sizes = {
            depth: Counter(_folder(node) for nodes in names.values() for node in nodes)
            for depth, names in self._called.items()
        }

    def outermost(self, fits: Callable[[str], object], lowest: int = 0) -> int | None:
        """Return the smallest depth, from ``lowest`` on, whose names mostly fit, if any does."""
        return next(self.depths(fits, lowest), None)

    def depths(self, fits: Callable[[str], object], lowest: int = 0) -> Iterator[int]:
        """Yield all such depths, the outermost first."""
        for depth in range(lowest, _DEEPEST):
            names = self._called[depth]
            fitting = [node for name in names if fits(name) for node in names[name]]
            if self._are_most(depth, fitting):
                yield depth

    def outermost_path(self, fits: Callable[[Parts], object], lowest: int = 0) -> int | None:
        """Return the same for paths below the PATH that the user gave."""
        for depth in range(lowest, _DEEPEST):
            nodes = (node for nodes in self._called[depth].values() for node in nodes)
            if self._are_most(depth, [node for node in nodes if fits(node[1])]):
                return depth
        return None

    def paths(self, depth: int) -> list[Parts]:
        """Return all paths of a depth."""
        return [path for nodes in self._called[depth].values() for _, path in nodes]

    def _are_most(self, depth: int, nodes: list[_Node]) -> bool:
        """Whether the nodes are at least half in more than half of the folders at each depth."""
        inside = Counter(map(_folder, nodes))
        found = [folder for folder, n in inside.items() if 2 * n >= self._sizes[depth][folder]]
        for above in range(depth - 1, -1, -1):
            inside = Counter(map(_folder, found))
            found = [folder for folder, n in inside.items() if 2 * n > self._sizes[above][folder]]
        return bool(found) and 2 * len(found) > len(self._sizes[min(depth, 0)])


def _folder(node: _Node) -> _Node:
    above, path = node
    return above, path[:-1]


def name_at(item: Item, depth: int) -> str:
    """Return the name at a depth of an item's path, and an empty text if it is not that deep."""
    if depth == NAMED:
        return item.above[-1] if item.above else ""
    return item.parts[depth] if depth < len(item.parts) else ""


def is_file_at(item: Item, depth: int) -> bool:
    """Whether the name at a depth is the file's own."""
    return depth == len(item.parts) - 1
