"""Clones of GitHub Classroom's repositories: ``<assignment>-<login>/``, each with its ``.git``.

``gh classroom clone student-repos`` puts them into ``<assignment>-submissions/``. Both names may
contain hyphens, so the assignment is the common prefix of nearly all clones.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from grader.intake.model import Layout, Owner, Parts
from grader.intake.names import stem

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.intake.model import Item, Tree

_FOLDER = "-submissions"
_NEARLY_ALL = 0.9


def layout(tree: Tree) -> Layout | None:
    """Recognise a folder of clones."""
    # The folder itself may be the TA's own repository.
    clones = {clone for clone in tree.clones if clone}
    outermost = {c for c in clones if not any(c[:n] in clones for n in range(1, len(c)))}
    if not outermost:
        return None
    prefix = _prefix({clone[-1] for clone in outermost}, _parent(outermost, tree))

    def whose(item: Item) -> Owner | None:
        for end in range(1, len(item.parts)):
            clone = item.parts[:end]
            if clone in outermost:
                login = clone[-1].removeprefix(prefix)
                return Owner(login or clone[-1], own=stem(item.name))
        return None

    return Layout("clones from GitHub Classroom", whose)


def _parent(clones: Collection[Parts], tree: Tree) -> str:
    """Return the name of the folder that the clones lie in."""
    first = min(clones)
    above = tree.notebooks[0].above[-1:] if tree.notebooks else ()
    return (*above, *first[:-1])[-1] if (*above, *first[:-1]) else ""


def _prefix(names: Collection[str], parent: str) -> str:
    """Return the prefix before the login, including the hyphen."""
    told = parent.removesuffix(_FOLDER) + "-"
    if parent.endswith(_FOLDER) and all(name.startswith(told) for name in names):
        return told
    counts: Counter[str] = Counter()
    for name in names:
        counts.update(name[: at + 1] for at, c in enumerate(name[:-1]) if c == "-")
    enough = max(2, _NEARLY_ALL * len(names))
    return max((prefix for prefix, n in counts.items() if n >= enough), key=len, default="")
