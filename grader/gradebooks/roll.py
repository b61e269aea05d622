"""Which row of a gradebook is whose: by what is certain, and never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.classroom import Student

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class GradebookStudent:
    """One student as a gradebook has them: the row, every id and address, the name."""

    row: int
    ids: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class RowMatch:
    """A student's row, and by what it was found: 0 is the surest (ids), then addresses, names."""

    person: GradebookStudent
    weakness: int


class Roll:
    """The people of a gradebook, to be asked for the row of a student.

    What is asked first decides: the student's id or e-mail address among all that the gradebook
    calls ids and addresses; then the part of an address before its ``@``; then the name, in
    either order of its words. Where that leads to several people, the one who also has the
    student's name is meant; if that isn't one either, nobody is.
    """

    def __init__(self, people: Iterable[GradebookStudent]) -> None:
        """Index the people by everything they are known by."""
        self._by_id: dict[str, set[GradebookStudent]] = defaultdict(set)
        self._by_local_part: dict[str, set[GradebookStudent]] = defaultdict(set)
        self._by_name: dict[str, set[GradebookStudent]] = defaultdict(set)
        for person in people:
            for key in filter(None, map(_plain, person.ids)):
                self._by_id[key].add(person)
                self._by_local_part[key.partition("@")[0]].add(person)
            for key in _name_keys(person.name):
                self._by_name[key].add(person)

    def find(self, student: Student) -> RowMatch | None:
        """Return the student's row, or ``None`` where nothing or more than one is found."""
        known_as = {_plain(student.id), _plain(student.email)} - {""}
        namesakes = _found(self._by_name, _name_keys(student.name))
        stages = (
            _found(self._by_id, known_as),
            _found(self._by_local_part, {key.partition("@")[0] for key in known_as} - {""}),
            namesakes,
        )
        for weakness, found in enumerate(stages):
            if found:
                meant = found if len(found) == 1 else found & namesakes
                return RowMatch(next(iter(meant)), weakness) if len(meant) == 1 else None
        return None


def _found(index: dict[str, set[GradebookStudent]], keys: set[str]) -> set[GradebookStudent]:
    return {person for key in keys for person in index.get(key, ())}


def _plain(key: str) -> str:
    return unicodedata.normalize("NFKC", key).strip().casefold()


def _name_keys(name: str) -> set[str]:
    """Return what a name is looked up by: its words in any order, and run together.

    "Kim, Minsu" and "Minsu Kim" share the first, "Kim, Minsu" and a file name's "kimminsu" the
    second.
    """
    words = _WORDS.findall(_plain(name))
    return {" ".join(sorted(words)), "".join(words)} - {""}
