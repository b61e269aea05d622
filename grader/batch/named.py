"""Finds the students of a class that a user names: by id or name, exactly or as the only one."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.classroom import Student


def named_student(name: str, students: Sequence[Student]) -> Student:
    """Return the one student who is meant.

    The first of these that fits anybody decides: the id, the name, both without regard to capitals
    and spaces, a part of either. Raises ``GraderError`` if that is nobody, or several.
    """
    ways: tuple[Callable[[Student], bool], ...] = (
        lambda one: one.id == name,
        lambda one: one.name == name,
        lambda one: _plain(name) in (_plain(one.id), _plain(one.name)),
        lambda one: _plain(name) in _plain(one.id) or _plain(name) in _plain(one.name),
    )
    for fits in ways:
        found = [one for one in students if fits(one)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = "; ".join(_shown(one) for one in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise GraderError(
                f"--only {printable(name, 60)} may be {listed}{more}", "name the student by the id"
            )
    spellings = {_plain(text): one for one in students for text in (one.id, one.name) if text}
    near = get_close_matches(_plain(name), list(spellings), n=1)
    raise GraderError(
        f"--only {printable(name, 60)}: there is no such student in the class",
        f"did you mean {_shown(spellings[near[0]])}?"
        if near
        else "give an id or a name as grades.csv has it",
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _shown(student: Student) -> str:
    name = f" ({printable(student.name, 60)})" if student.name else ""
    return f"{printable(student.id, 60)}{name}"
