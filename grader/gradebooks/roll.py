"""Finds a student's row in a gradebook, and never guesses."""

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
    """One student of a gradebook: the row's number, all ids and addresses, the name."""

    row: int
    ids: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class RowMatch:
    """A student's row; ``weakness`` is 0 if found by id, 1 by address, 2 by name."""

    person: GradebookStudent
    weakness: int


class Roll:
    """An index of the people of a gradebook.

    The first key that finds anybody decides: the student's id or e-mail address among the
    gradebook's ids and addresses; then the part of an address before its ``@``; then the name, with
    its words in any order. Of several people found, the one with the student's name is meant; if
    there is not exactly one, nobody is.
    """

    def __init__(self, people: Iterable[GradebookStudent]) -> None:
        """Index the people by ids, addresses and names."""
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
        """Return the student's row, or ``None`` if none or several are found."""
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
    """Return the keys of a name: its words sorted, and run together.

    "Kim, Minsu" and "Minsu Kim" share the first key, "Kim, Minsu" and a file name's "kimminsu" the
    second.
    """
    words = _WORDS.findall(_plain(name))
    return {" ".join(sorted(words)), "".join(words)} - {""}
