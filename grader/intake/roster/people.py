"""The students of a roster, indexed by id, participant number, login, name and team."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.identity import name_keys, names_fit, plain_id, without_zeros
from grader.intake.names import LETTER, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.classroom import Student, Unclear

_WORD = re.compile(rf"{LETTER}+")
_FEWEST_WORDS = 2  # in common, of names that are not the same


@dataclass(frozen=True)
class RosterStudent:
    """A student, with further ids and logins in other systems.

    ``participant`` is Moodle's number in one assignment. ``teams`` are the values of the columns
    that may tell a team, in the order of the roster's ``groupings``. ``borrowed`` means that the
    student's own id is missing, and an address or a login stands for it.
    """

    student: Student
    aliases: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    participant: str = ""
    teams: tuple[str, ...] = ()
    borrowed: bool = False


@dataclass(frozen=True)
class Team:
    """A team of the roster: its name, and its members' ids."""

    name: str
    members: tuple[str, ...]


class Roster:
    """Students by id, participant number, login and name; each key may have several.

    ``groupings`` are the teams by the letters of their names, for each column that may tell them.
    ``unclear`` are the rows that could not be used.
    """

    def __init__(
        self,
        people: Iterable[RosterStudent],
        shown: str,
        unclear: Iterable[Unclear] = (),
        teams: Iterable[str] = (),
        named: int = 0,
    ) -> None:
        """Index the people, whose ids are unique; ``shown`` names the file in messages.

        ``teams`` are names of teams, also of those of which no member is known; so many groupings
        as ``named`` are certainly of teams, by their columns' names.
        """
        self.people = tuple(people)
        self.shown = shown
        self.unclear = tuple(unclear)
        self.by_id: defaultdict[str, set[str]] = defaultdict(set)
        self.by_participant: defaultdict[str, set[str]] = defaultdict(set)
        self.by_login: defaultdict[str, set[str]] = defaultdict(set)
        self.by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._without_zeros: defaultdict[str, set[str]] = defaultdict(set)
        self.students = {person.student.id: person.student for person in self.people}
        self.borrowed = frozenset(p.student.id for p in self.people if p.borrowed)
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        self.mentions: dict[str, frozenset[str]] = {}  # what ``known`` found for a text
        for person in self.people:
            id_ = person.student.id
            for alias in (id_, *person.aliases):
                self.by_id[plain_id(alias)].add(id_)
                self._without_zeros[without_zeros(plain_id(alias))].add(id_)
            if person.participant:
                self.by_participant[person.participant].add(id_)
            for login in filter(None, (*person.logins, person.student.email)):
                self.by_login[plain_id(login)].add(id_)
                self.by_login[plain_id(login).partition("@")[0]].add(id_)
            for spelling in name_keys(person.student.name):
                self.by_name[spelling].add(id_)
            for word in _words(person.student.name):
                self._by_word[word].add(id_)
        self.named = named
        self.groupings = _groupings(self.people, teams)

    def having_id(self, text: str) -> frozenset[str]:
        """Return the students with this id, as a spreadsheet or a system may write it."""
        plain = plain_id(text)
        found = self.by_id.get(plain) or self._without_zeros.get(without_zeros(plain))
        return frozenset(found or ())

    def having_login(self, text: str) -> frozenset[str]:
        """Return the students with this login or address, or with it before an address's ``@``."""
        plain = plain_id(text)
        found = self.by_login.get(plain)
        return frozenset(found or self.by_id.get(plain) or ())

    def is_known(self, text: str) -> bool:
        """Whether anybody has this id, participant number or login."""
        known = self.having_id(text) or self.having_login(text)
        return bool(known) or text in self.by_participant

    def having_name(self, text: str) -> frozenset[str]:
        """Return the students of this name, in any order and spelling of its words."""
        return frozenset(id_ for key in name_keys(text) for id_ in self.by_name.get(key, ()))

    def resembling(self, name: str) -> frozenset[str]:
        """Return the students of whose name this is a part, or the reverse: of two words or more.

        So "Anna Schmidt" finds Anna Maria Schmidt.
        """
        words = _words(name)
        shared = Counter(id_ for word in words for id_ in self._by_word.get(word, ()))
        return frozenset(
            id_
            for id_, count in shared.items()
            if count >= _FEWEST_WORDS and names_fit(name, self.students[id_].name)
        )


def _words(name: str) -> frozenset[str]:
    return frozenset(max(name_keys(word), key=len) for word in _WORD.findall(name))


def team_key(name: str) -> str:
    """Return what two spellings of a team's name have in common: "Team_1" and "team1"."""
    return letters(name)


def _groupings(
    people: Iterable[RosterStudent], named: Iterable[str]
) -> tuple[Mapping[str, Team], ...]:
    columns: defaultdict[int, defaultdict[str, list[tuple[str, str]]]]
    columns = defaultdict(lambda: defaultdict(list))
    for person in people:
        for number, name in enumerate(person.teams):
            if team_key(name):
                columns[number][team_key(name)].append((name, person.student.id))
    empty = {team_key(name): Team(name, ()) for name in named}
    filled = [
        {
            key: Team(members[0][0], tuple(id_ for _, id_ in members))
            for key, members in columns[number].items()
        }
        for number in range(max(columns, default=0) + 1)
    ]
    return ({**empty, **filled[0]}, *filled[1:])
