"""What an archive holds, as files below the PATH at which it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.model import Item, Parts, Tree
from grader.intake.names import is_notebook, natural

if TYPE_CHECKING:
    from pathlib import Path

    from grader.intake.archives import Archives


def items_within(path: Path, archives: Archives, shown: str, above: Parts, folder: Parts) -> Tree:
    """Return an archive's files as if they lay in ``folder``.

    Raises ``GraderError`` when the archive cannot be opened.
    """
    opened = archives.look(path, shown)
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
    )
