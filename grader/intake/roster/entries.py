"""Turns a roster's rows into students, each with an id that nobody else has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.classroom import Student
from grader.identity import name_keys, plain_id
from grader.intake.names import letters
from grader.intake.roster.people import RosterStudent
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.intake.roster.text import Row

# Canvas writes the most points below the header, in the form of a student's row.
_POINTS = "points possible"
# Canvas' student for trying out stands last, without a SIS id and with a login of hexadecimal
# digits (lib/data_fixup/add_pseudonym_to_student_view_students.rb; the length was not read).
_TEST_STUDENTS = frozenset({"studenttest", "teststudent"})
_TEST_LOGIN = re.compile(r"[0-9a-f]{12,64}")
_CANVAS = frozenset({"id", "sisloginid", "section"})
_AS_TEXT = re.compile(r'="(.*)"')
_FLOAT = re.compile(r"(\d+)\.0+")
_TRAILING_NUMBER = re.compile(r"[0-9]+$")

_Id = tuple[int, str]

_NO_ID = "has no id, e-mail address or login"
_TOO_WIDE = (
    "has more cells than the header names, and is not used: names that hold the delimiter belong"
    ' into quotes, as in "Kim, Minsu"'
)


@dataclass(frozen=True)
class Entry:
    """One row: its line, its own ids in order, and what stands for them if they are missing.

    Each id comes with its column's number, since two systems may number alike. ``odd`` says why the
    row cannot be used.
    """

    line: int
    ids: tuple[_Id, ...]
    substitutes: tuple[_Id, ...]
    person: RosterStudent
    odd: str = ""


class EntryReader:
    """Reads the rows below one header."""

    def __init__(
        self, header: Sequence[str], places: Mapping[str, Sequence[int]], teams: Sequence[int]
    ) -> None:
        """Take the columns of each purpose, and those that may tell a team."""
        self._places = places
        self._teams = teams
        self._width = len(header)
        called = [letters(cell) for cell in header]
        self._canvas = set(called) >= _CANVAS
        self._sis_id = called.index("sisuserid") if "sisuserid" in called else None

    def read(self, row: Row) -> Entry | None:
        """Return a row's student, None if it is nobody's."""
        fitted = self._fitted(row.cells)
        at = row.cells if fitted is None else fitted
        cells = {purpose: self._cells(at, columns) for purpose, columns in self._places.items()}
        participant = "".join(_TRAILING_NUMBER.findall("".join(cells["participant"])))
        own = self._ids(at, "id")
        if participant:
            own = (
                (-1, participant),
                *(one for one in own if one[0] != self._places["participant"][0]),
            )
        substitutes = (*self._ids(at, "email"), *self._ids(at, "login"))
        called = self._name(cells)
        if row.cells[0].casefold() == _POINTS or not (own or substitutes or called):
            return None
        logins = tuple(login for _, login in self._ids(at, "login"))
        if self._is_test_student(at, called, logins):
            return None
        email, section = (" ".join(cells[purpose][:1]) for purpose in ("email", "section"))
        person = RosterStudent(
            Student("", called, _shown(email), section),
            aliases=tuple(cells["participant"]),
            logins=logins,
            participant=participant,
            teams=tuple(self._cell(at, place) for place in self._teams),
        )
        return Entry(row.line, own, substitutes, person, _TOO_WIDE if fitted is None else "")

    def _ids(self, cells: Sequence[str], purpose: str) -> tuple[_Id, ...]:
        found = ((place, _shown(self._cell(cells, place))) for place in self._places[purpose])
        return tuple((place, id_) for place, id_ in found if id_)

    def _fitted(self, cells: Sequence[str]) -> Sequence[str] | None:
        """Return a row in the header's width; an unquoted "Kim, Minsu" is put together again."""
        more = len(cells) - self._width
        if more <= 0 or not any(cells[self._width :]):
            return cells
        if (
            len(self._places["name"]) == 1
            and not self._places["first"]
            and not any(any(c.isdecimal() for c in cell) for cell in self._joined(cells, more))
        ):
            at = self._places["name"][0]
            return [*cells[:at], ", ".join(self._joined(cells, more)), *cells[at + more + 1 :]]
        return None

    def _joined(self, cells: Sequence[str], more: int) -> Sequence[str]:
        at = self._places["name"][0]
        return cells[at : at + more + 1]

    def _name(self, cells: Mapping[str, Sequence[str]]) -> str:
        first, last, whole = (" ".join(cells[p][:1]) for p in ("first", "last", "name"))
        if not whole:
            return _full(first, last)
        # German lists have "Name" and "Vorname".
        keys = name_keys(whole)
        return whole if not first or last or _within(first, keys) else _full(first, whole)

    def _is_test_student(self, cells: Sequence[str], name: str, logins: Sequence[str]) -> bool:
        if name == "Student, Test":
            return True
        if not self._canvas:
            return False
        has_sis_id = self._sis_id is not None and bool(self._cell(cells, self._sis_id))
        hidden = any(_TEST_LOGIN.fullmatch(login) for login in logins)
        return not has_sis_id and (hidden or letters(name) in _TEST_STUDENTS)

    @staticmethod
    def _cell(cells: Sequence[str], place: int) -> str:
        return cells[place] if place < len(cells) else ""

    def _cells(self, cells: Sequence[str], places: Sequence[int]) -> list[str]:
        return [cell for place in places if (cell := self._cell(cells, place))]


def told_apart(
    entries: Sequence[Entry], *, names_alone: bool = False
) -> tuple[list[RosterStudent], list[tuple[int, str]]]:
    """Return the students with unique ids, and the lines that a person should look at.

    Whose id is missing, or also another's, is known by the next further id, address, login or name.
    With ``names_alone`` a name is as good as an id.
    """
    people: list[RosterStudent] = []
    odd = [(entry.line, entry.odd) for entry in entries if entry.odd]
    usable = _without_repeats([entry for entry in entries if not entry.odd])
    counts = Counter(
        (place, plain_id(id_)) for one in usable for place, id_ in {*one.ids, *one.substitutes}
    )
    namesakes = Counter(one.person.student.name for one in usable)
    taken: set[str] = set()
    for entry in usable:
        name = entry.person.student.name
        own = [id_ for place, id_ in entry.ids if counts[place, plain_id(id_)] == 1]
        shared = [id_ for place, id_ in entry.ids if counts[place, plain_id(id_)] > 1]
        others = [id_ for place, id_ in entry.substitutes if counts[place, plain_id(id_)] == 1]
        others += [name] if name and namesakes[name] == 1 else []
        chosen = next((id_ for id_ in (*own, *others) if id_ not in taken), None)
        known = f"known as {printable(chosen, 60)}" if chosen else "not used"
        if shared:
            why = f"has the id {printable(shared[0], 60)}, as another line has"
            odd.append((entry.line, f"{why}; {known}"))
        elif chosen is None or (not own and chosen == name and not names_alone):
            odd.append((entry.line, f"{_NO_ID} that nobody else has; {known}"))
        if chosen is None:
            continue
        taken.add(chosen)
        student = replace(entry.person.student, id=chosen)
        aliases = (*entry.person.aliases, *(id_ for id_ in own if id_ != chosen))
        people.append(
            replace(entry.person, student=student, aliases=aliases, borrowed=chosen not in own)
        )
    return people, odd


def _without_repeats(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without a person's further rows, who is in two sections, say."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        ids = (*entry.ids, *entry.substitutes)
        name = letters(entry.person.student.name)
        seen.setdefault((ids, name) if ids else (entry.line,), entry)
    return list(seen.values())


def _shown(cell: str) -> str:
    """Return an id without what spreadsheets and D2L add: ``#1001``, ``1001.0``, ``="1001"``."""
    stated = _AS_TEXT.fullmatch(cell)
    cell = (stated[1] if stated else cell).lstrip("#'").strip()
    number = _FLOAT.fullmatch(cell)
    return number[1] if number else cell


def _within(first: str, keys: frozenset[str]) -> bool:
    return any(part in key for part in name_keys(first) for key in keys)


def _full(first: str, last: str) -> str:
    """Return a full name, Korean names with the family name first and without a space."""
    if first == last:
        return first
    if any("가" <= c <= "힣" for c in last):
        return last + first
    return f"{first} {last}".strip()
