"""Matches submissions with the students of a roster, only where that is beyond doubt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.classroom import Student, Unclear
from grader.intake.names import letters, natural
from grader.intake.roster.mentions import mentioned_ids, mentioned_names
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.intake.model import Claim
    from grader.intake.roster.people import Roster

_STRANGERS = (
    "nobody who handed in is in this roster: does it hold the ids, logins or names that the files "
    "or folders carry? graded under those"
)


@dataclass(frozen=True)
class MatchedClass:
    """The notebooks by student, in the order of ids, and remarks for a TA."""

    claims: tuple[tuple[Student, tuple[Claim, ...]], ...]
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class _Match:
    """An owner as a layout tells it, and the students of the roster who match.

    ``sure`` means that an id matches, which is unique; logins and names need not be.
    """

    id: str
    name: str
    claims: tuple[Claim, ...]
    people: frozenset[str] = frozenset()
    sure: bool = False

    @property
    def trees(self) -> frozenset[int]:
        return frozenset(claim.tree for claim in self.claims)


def match_students(claims: Iterable[Claim], roster: Roster | None) -> MatchedClass:
    """Return each student's notebooks; without a roster as the layout tells it."""
    known = _distinct_owners(claims)
    if roster is None:
        return _in_order({Student(one.id, one.name): one.claims for one in known}, ())
    return _with(roster, [_fitted(one, roster) for one in known])


def known(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of the roster's students whom a file's or folder's name may mean."""
    by_id = roster.by_id.get(text) or mentioned_ids(text, roster)
    by_name = roster.by_login.get(text.casefold()) or roster.by_name.get(letters(text))
    return frozenset(by_id or by_name or mentioned_names(text, roster))


def _distinct_owners(claims: Iterable[Claim]) -> list[_Match]:
    """Return the owners that the layouts distinguish, each with a unique id."""
    names: defaultdict[str, defaultdict[str, list[Claim]]]
    names = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        names[claim.owner.id][claim.owner.name].append(claim)
    known = []
    for id_, groups in names.items():
        nameless = groups.pop("", [])
        if len(groups) > 1:
            # Moodle numbers people anew for each assignment, so two downloads share numbers.
            known += [_Match(f"{id_} ({name})", name, tuple(g)) for name, g in groups.items()]
            known += [_Match(id_, "", tuple(nameless))] if nameless else []
        else:
            ((name, group),) = groups.items() or [("", [])]
            known.append(_Match(id_, name, (*group, *nameless)))
    if len(known) > 1 and len({one.name for one in known}) == 1:
        # "Participant" in anonymous submissions.
        known = [_Match(one.id, "", one.claims) for one in known]
    return known


def _fitted(one: _Match, roster: Roster) -> _Match:
    plain = all(claim.plain for claim in one.claims)
    own = one.id.rpartition("/")[2] if plain else one.id  # without the folders before it
    by_id = roster.by_id.get(one.id) or roster.by_id.get(own) or set()
    if plain and not by_id:
        by_id = mentioned_ids(own, roster)
    by_name = roster.by_name.get(letters(one.name or own), set())
    others = roster.by_login.get(own.casefold()) or by_name
    if plain and not others:
        others = mentioned_names(own, roster)
    people = by_id or others
    if one.name and len(by_name) == 1 and not by_name & people:
        people = people | by_name  # the number is another system's id
    return _Match(one.id, one.name, one.claims, frozenset(people), bool(by_id))


def _with(roster: Roster, known: Sequence[_Match]) -> MatchedClass:
    claimants: defaultdict[str, list[_Match]] = defaultdict(list)
    for one in known:
        if len(one.people) == 1:
            claimants[next(iter(one.people))].append(one)
    found: defaultdict[Student, tuple[Claim, ...]] = defaultdict(tuple)
    unclear: list[Unclear] = []
    for one in known:
        why = _doubt(one, claimants, roster)
        if why is None:
            student = roster.students[next(iter(one.people))]
        else:
            student = Student(_free(one, roster), one.name)
            origin = min((c.item.origin for c in one.claims), key=natural)
            unclear.append(Unclear(origin, f"{why}; graded as {printable(student.id, 80)}"))
        found[student] += one.claims
    if len(known) > 1 and not any(one.people for one in known):
        unclear = [Unclear(roster.shown, _STRANGERS)]  # once is enough
    return _in_order(found, unclear)


def _doubt(one: _Match, claimants: Mapping[str, Sequence[_Match]], roster: Roster) -> str | None:
    """Return why an owner cannot be matched, or None."""
    if not one.people:
        return "nobody in the roster"
    if len(one.people) > 1:
        shown = sorted(one.people, key=natural)
        named = [printable(f"{id_} {roster.students[id_].name}", 80) for id_ in shown[:3]]
        return f"may be {' or '.join(named)}{' or others' * (len(shown) > 3)} of the roster"
    (person,) = one.people
    rivals = [r for r in claimants[person] if r is not one and r.trees & one.trees]
    if rivals and not one.sure:
        rival = printable(rivals[0].id, 60)
        return f"may be {printable(person, 60)} of the roster, but so may {rival}"
    return None


def _free(one: _Match, roster: Roster) -> str:
    """Return an id that nobody in the roster has."""
    id_ = one.id
    while id_ in roster.students:
        id_ = f"{id_} ({one.name or 'unknown'})"
    return id_


def _in_order(
    found: Mapping[Student, tuple[Claim, ...]], unclear: Iterable[Unclear]
) -> MatchedClass:
    by_id = sorted(found.items(), key=lambda entry: natural(entry[0].id))
    return MatchedClass(tuple(by_id), tuple(unclear))
