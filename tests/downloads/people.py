"""Students of a random class, with all that systems know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

# (last name, first name, login): what the systems write of names that are not ASCII is theirs.
_NAMES = (
    *(("Abe", "Yui", "yabe"), ("Blom", "Stan", "sblom"), ("Smith", "Mary-Ann", "msmith")),
    *(
        ("Weiß", "Jörg", "jweiss"),
        ("Müller", "Änne", "amueller"),
        ("García Ñoño", "José", "jgarcia"),
    ),
    *(("김", "지우", "jwkim"), ("남궁", "서준", "sjnamgung"), ("D'Ávila", "Inês", "idavila")),
    *(
        ("De la Cruz", "María José", "mdlcruz"),
        ("Novak_Li", "Petr", "p_novak_3"),
        ("Ek", "Per", "ek"),
    ),
)


_TEAMS = ("Team A", "Team B", "Red Pandas")


@dataclass(frozen=True)
class Person:
    """One student; ``participant`` is Moodle's number of the student, ``canvas`` Canvas' id.

    ``team`` is the name of the team that hands in together, where a system has teams.
    """

    last: str
    first: str
    login: str
    number: str
    participant: str
    canvas: str
    team: str = ""

    @property
    def email(self) -> str:
        """The address, unique as the login is."""
        return f"{self.login}@uni.example"

    @property
    def full(self) -> str:
        """The full name as most systems show it."""
        return f"{self.first} {self.last}"

    @property
    def sortable(self) -> str:
        """The name to sort by."""
        return f"{self.last}, {self.first}"


@st.composite
def classes(draw: st.DrawFn, *, most: int = 6, teams: bool = False) -> tuple[Person, ...]:
    """Draw a class, in which some share a name, some a team, and nobody shares anything else."""
    chosen = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=most))
    numbers = draw(_unique(len(chosen), 20_250_000, 20_259_999))
    participants = draw(_unique(len(chosen), 1001, 1999))
    canvas = draw(_unique(len(chosen), 50_000, 59_999))
    seen: dict[str, int] = {}
    people = []
    for (last, first, login), number, participant, user in zip(
        chosen, numbers, participants, canvas, strict=True
    ):
        seen[login] = seen.get(login, 0) + 1
        own = login + ("" if seen[login] == 1 else f"x{seen[login]}")
        team = draw(st.sampled_from(_TEAMS)) if teams else ""
        people.append(Person(last, first, own, str(number), str(participant), str(user), team))
    return tuple(people)


def namesakes(people: Sequence[Person]) -> set[str]:
    """Return the logins of those who share their name with another."""
    names = [person.full for person in people]
    return {person.login for person in people if names.count(person.full) > 1}


def _unique(count: int, least: int, most: int) -> st.SearchStrategy[list[int]]:
    numbers = st.integers(least, most)
    return st.lists(numbers, min_size=count, max_size=count, unique=True)
