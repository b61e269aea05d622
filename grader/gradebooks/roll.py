"""Finds a student's row in a gradebook, and never guesses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.identity import name_keys, names_fit, participant_number, plain_id, without_zeros

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.classroom import Student
    from grader.gradebooks.model import GradebookStudent

_AN_ID = 1  # the weakness of an id without its leading zeros
_FEW = 4  # rows, of which half may share an id by mistake
Index = dict[str, set["GradebookStudent"]]


@dataclass(frozen=True)
class RowMatch:
    """A student's row; the ``weakness`` of the key that found it is 0 for an id.

    An id without its leading zeros has 1, the part of an address before its ``@`` 2, a name 3.
    With ``other_name`` the row's name is a different person's; ``certain`` means that both the id
    and the name are the student's.
    """

    person: GradebookStudent
    weakness: int
    other_name: bool = False
    certain: bool = False


class Roll:
    """An index of the people of a gradebook.

    The first key that finds anybody decides: the student's id or e-mail address among the
    gradebook's ids and addresses; the id without leading zeros, which spreadsheets drop; the part
    of an address before its ``@``; the name. Of several people found, the one with the student's
    name is meant, unless they share an id in one column; if there is not exactly one, nobody is.
    ``doubles`` are the people who share one.
    """

    def __init__(self, people: Iterable[GradebookStudent], participant: str = "") -> None:
        """Index the people; ``participant`` is the gradebook's word for one, see Moodle."""
        self._words = [participant] if participant else []
        self._by_id: Index = defaultdict(set)
        self._by_number: Index = defaultdict(set)
        self._by_local_part: Index = defaultdict(set)
        self._by_name: Index = defaultdict(set)
        self._by_column: dict[tuple[int, str], set[GradebookStudent]] = defaultdict(set)
        listed = tuple(people)
        for person in listed:
            for column, key in enumerate(map(plain_id, person.ids)):
                if key:
                    self._by_id[key].add(person)
                    self._by_number[without_zeros(key)].add(person)
                    self._by_local_part[key.partition("@")[0]].add(person)
                    self._by_column[column, key].add(person)
            for key in name_keys(person.name):
                self._by_name[key].add(person)
        # What most rows have in a column ("none") tells nobody apart.
        most = max(_FEW, len(listed) / 2)
        self._shared = [found for found in self._by_column.values() if 1 < len(found) <= most]
        self.doubles: frozenset[GradebookStudent] = frozenset().union(*self._shared)

    def find(self, student: Student) -> RowMatch | None:
        """Return the student's row, or ``None`` if none or several are found."""
        # Elsewhere, the number of a participant of Moodle would be somebody else's id.
        number = participant_number(student.id, self._words) if self._words else ""
        known_as = {plain_id(student.id), plain_id(student.email), number} - {""}
        namesakes = _found(self._by_name, name_keys(student.name))
        stages = (
            _found(self._by_id, known_as),
            _found(self._by_number, map(without_zeros, known_as)),
            _found(self._by_local_part, {key.partition("@")[0] for key in known_as} - {""}),
            namesakes,
        )
        for weakness, found in enumerate(stages):
            if found:
                return self._match(student, found, namesakes, weakness)
        return None

    def _match(
        self,
        student: Student,
        found: set[GradebookStudent],
        namesakes: set[GradebookStudent],
        weakness: int,
    ) -> RowMatch | None:
        if len(found) > 1:
            if any(len(found & shared) > 1 for shared in self._shared):
                return None
            found &= namesakes
        if len(found) != 1:
            return None
        person = next(iter(found))
        fits = person in namesakes or names_fit(student.name, person.name)
        return RowMatch(person, weakness, fits is False, bool(fits) and weakness <= _AN_ID)


def _found(index: Index, keys: Iterable[str]) -> set[GradebookStudent]:
    return {person for key in keys for person in index.get(key, ())}
