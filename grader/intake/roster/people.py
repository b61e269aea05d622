"""The students of a roster, indexed by id, login and name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.intake.names import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.classroom import Student


@dataclass(frozen=True)
class RosterStudent:
    """A student, with further ids and logins in other systems."""

    student: Student
    aliases: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()


class Roster:
    """Students by id, login and name; each key may have several."""

    def __init__(self, people: tuple[RosterStudent, ...], shown: str) -> None:
        """Index the people, whose ids are unique; ``shown`` names the file in messages."""
        self.people = people
        self.shown = shown
        self.by_id: defaultdict[str, set[str]] = defaultdict(set)
        self.by_login: defaultdict[str, set[str]] = defaultdict(set)
        self.by_name: defaultdict[str, set[str]] = defaultdict(set)
        self.students = {person.student.id: person.student for person in people}
        for person in people:
            id_ = person.student.id
            for alias in (id_, *person.aliases):
                self.by_id[alias].add(id_)
                # Moodle's worksheet says "Participant 12345", its download 12345.
                if alias.rpartition(" ")[2].isdecimal():
                    self.by_id[alias.rpartition(" ")[2]].add(id_)
            for login in (*person.logins, person.student.email):
                if login:
                    self.by_login[login.casefold()].add(id_)
                    self.by_login[login.partition("@")[0].casefold()].add(id_)
            for spelling in _spellings(person.student.name):
                self.by_name[spelling].add(id_)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name's letters, beginning with each of its words: "Kim, Minsu" is also Minsu Kim."""
    words = [word for word in map(letters, name.replace(",", " ").split()) if word]
    for turn in range(len(words)):
        yield "".join(words[turn:] + words[:turn])
