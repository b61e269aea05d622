"""What the names of a class's files have in common: ``hw1_20231234_김민수``, a number and a name.

Where most files carry both, a file with somebody's number and a name that is not theirs is told.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.identity import names_fit
from grader.intake.copies import without_copy_words
from grader.intake.names import LETTER
from grader.intake.versions import is_date, without_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.intake.roster.evidence import Evidence, Known
    from grader.intake.roster.people import Roster

_WORD = re.compile(rf"{LETTER}{{2,}}")
_FEWEST = 2  # files that carry both
_NO_NAMES = frozenset(
    {
        *("assignment", "copy", "corrected", "final", "fixed", "homework", "hw", "last", "late"),
        *("new", "notebook", "project", "resubmission", "resubmit", "submission", "submit"),
        *("updated", "ver", "version", "abgabe", "aufgabe", "devoir", "tarea", "과제", "수정"),
        *("수정본", "제출", "최종", "최종본", "作业", "宿題", "課題"),
    }
)


class Labels:
    """The words of all files' names, and whether numbers and names stand in them together."""

    def __init__(
        self, people: Sequence[Known], told: Mapping[str, Evidence], roster: Roster
    ) -> None:
        """Look at those whom only the name of a file or folder tells."""
        self._roster = roster
        self._dated_ids = any(is_date(id_) for id_ in roster.by_id)
        plain = [one for one in people if one.plain]
        self._common = Counter(word for one in plain for word in set(_words(one)))
        with_id = [told[one.id] for one in plain if told[one.id].by_id]
        both = sum(bool(found.by_id & found.by_name) for found in with_id)
        numbers = Counter(id_ for found in with_id if found.short for id_ in found.by_id)
        self._shared = {id_ for id_, count in numbers.items() if 2 * count > len(plain) > 2}
        self._are_numbers = 2 * len(with_id) > len(plain) and len(numbers) > 1
        self._carry_both = both >= _FEWEST and 2 * both >= len(with_id)

    def checked(self, told: Evidence) -> Evidence:
        """Return what is told, without four digits that need not be an id.

        They are one where most names carry somebody's id; what most share is a course's number.
        """
        if not told.short:
            return told
        by_id = told.by_id - self._shared
        if told.by_name or self._are_numbers:
            return replace(told, by_id=by_id)
        return replace(told, by_id=frozenset())

    def are_versions(self, one: Known, other: Known) -> bool:
        """Whether two files' names are the same but for words and dates that tell the version.

        Where ids look like dates, a date may be the id of another student of the same name.
        """
        if self._dated_ids or not (one.plain and other.plain):
            return False
        return _apart_from_version(one) == _apart_from_version(other)

    def another_name(self, one: Known, told: Evidence) -> str:
        """Return the name beside a number if it cannot be that person's, or an empty text."""
        if not (self._carry_both and one.plain and len(told.by_id) == 1 and not told.by_name):
            return ""
        own = [w for w in _words(one) if self._common[w] == 1 and w.casefold() not in _NO_NAMES]
        name = " ".join(own)
        (person,) = told.by_id
        fits = names_fit(name, self._roster.students[person].name) if name else None
        return name if fits is False else ""


def _apart_from_version(one: Known) -> list[str]:
    name = without_version(without_copy_words(one.owner.id)).casefold()
    return sorted(re.findall(rf"{LETTER}+|\d+|/", name))


def _words(one: Known) -> list[str]:
    return _WORD.findall(without_copy_words(one.owner.id.rpartition("/")[2]))
