"""Chooses among the assignments of a download that holds all of a course."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake.names import natural
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.intake.model import Item, Owner, Tree


def of_one(
    tree: Tree,
    items: Iterable[Item],
    assignment: Callable[[Item], str],
    whose: Callable[[Item], Owner | None],
    hint: str = "Name the folders of one of them.",
) -> Callable[[Item], str]:
    """Return why a file is not of the assignment that most students handed in.

    Of a course's tree every assignment is wanted. ``items`` are those of the tree that count.
    Raises ``GraderError`` if another one was handed in by more than half as many.
    """
    if tree.of_course:
        return lambda _item: ""
    students: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        owner = whose(item)
        name = assignment(item)
        if owner is not None and name:
            students[name].add(owner.id)
    ranked = sorted(students, key=lambda name: (-len(students[name]), natural(name)))
    if len(ranked) > 1 and 2 * len(students[ranked[1]]) > len(students[ranked[0]]):
        named = ", ".join(printable(name, 40) for name in ranked[:5])
        more = ", …" if len(ranked) > 5 else ""
        raise GraderError(f"this download holds several assignments: {named}{more}", hint)

    def why_not(item: Item) -> str:
        mine = assignment(item)
        if not ranked or not mine or mine == ranked[0]:
            return ""
        return f"another assignment than {printable(ranked[0], 60)}, which most students handed in"

    return why_not
