"""Matches submissions with the students of a roster, only where that is beyond doubt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.classroom import Student, Unclear
from grader.intake.names import natural
from grader.intake.roster.evidence import Evidence, Known, distinct_owners, evidence, mentioned
from grader.intake.roster.labels import Labels
from grader.intake.roster.numbering import Numbering
from grader.intake.roster.teams import Teams
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.intake.model import Claim
    from grader.intake.roster.people import Roster

_STRANGERS = (
    "nobody who handed in is in this roster: does it hold the ids, logins or names that the files "
    "or folders carry? graded under those"
)
_REMEMBERED = 200_000  # texts


@dataclass(frozen=True)
class MatchedClass:
    """The notebooks by student, in the order of ids, and remarks for a TA."""

    claims: tuple[tuple[Student, tuple[Claim, ...]], ...]
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class _Match:
    """An owner and the students of the roster that it may be.

    ``sure`` means that an id matches, which is unique; names need not be, and are ``loose`` if only
    parts of them match. ``why_not`` says why it is none of them.
    """

    known: Known
    people: frozenset[str] = frozenset()
    sure: bool = False
    loose: bool = False
    why_not: str = ""


def match_students(claims: Iterable[Claim], roster: Roster | None) -> MatchedClass:
    """Return each student's notebooks; without a roster as the layout tells it.

    A team's notebooks are those of each of its members, as far as they are known.
    """
    return _Matching(distinct_owners(claims, roster), roster).done()


def known(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of the students whom the name of a file or folder tells, if any."""
    found = roster.mentions.get(text)
    if found is None:
        told = mentioned(text, roster)
        found = told.by_id | told.by_name
        if len(roster.mentions) < _REMEMBERED:
            roster.mentions[text] = found
    return found


class _Matching:
    """One class on its way from owners to students."""

    def __init__(self, owners: Sequence[Known], roster: Roster | None) -> None:
        self._owners = owners
        self._roster = roster
        self._found: defaultdict[Student, tuple[Claim, ...]] = defaultdict(tuple)
        self._ids: dict[str, Student] = {}
        self._unclear: list[Unclear] = []

    def done(self) -> MatchedClass:
        roster = self._roster
        told = {} if roster is None else {one.id: evidence(one, roster) for one in self._owners}
        teams = Teams(self._owners, told, roster)
        people = [one for one in self._owners if not teams.is_team(one)]
        if roster is None:
            for one in people:
                self._give(Student(one.id, one.name), one.claims)
        else:
            self._match(people, told, roster)
        for one in self._owners:
            if teams.is_team(one):
                self._share(one, teams)
        by_id = sorted(self._found.items(), key=lambda entry: natural(entry[0].id))
        return MatchedClass(tuple(by_id), tuple(self._unclear))

    def _match(self, people: Sequence[Known], told: Mapping[str, Evidence], roster: Roster) -> None:
        trees: defaultdict[int, list[Known]] = defaultdict(list)
        for one in people:
            trees[min(one.trees)].append(one)
        numbered = {tree: Numbering(ones, told, roster) for tree, ones in trees.items()}
        labels = Labels(people, told, roster)
        matches = [
            _fitted(one, told[one.id], numbered[min(one.trees)], labels, roster) for one in people
        ]
        claimants: defaultdict[str, list[_Match]] = defaultdict(list)
        for match in matches:
            if len(match.people) == 1:
                claimants[next(iter(match.people))].append(match)
        for match in matches:
            why = match.why_not or _doubt(match, claimants, labels, roster)
            if why:
                maybe_team = numbered[min(match.known.trees)].look_like_teams
                self._leave(match.known, why, maybe_team=maybe_team)
            else:
                (person,) = match.people
                self._give(roster.students[person], _sure(match.known.claims))
        if len(matches) > 1 and not any(match.people or match.why_not for match in matches):
            self._unclear = [Unclear(roster.shown, _STRANGERS)]  # once is enough
        remarks = (remark for numbering in numbered.values() for remark in numbering.remarks)
        self._unclear += [Unclear(roster.shown, remark) for remark in remarks]

    def _share(self, one: Known, teams: Teams) -> None:
        """Give a team's notebooks to its members, or to the team if they are not known."""
        name = teams.name_of(one)
        claims = tuple(replace(claim, team=name) for claim in _sure(one.claims))
        members = teams.members_of(one)
        for member in members:
            self._give(member.student, claims)
        self._unclear += teams.remarks_on(one)
        if not members:
            self._give(Student(self._free(name, one.id), name), claims)

    def _leave(self, one: Known, why: str, *, maybe_team: bool) -> None:
        """Grade an owner who is nobody of the roster under an id of its own."""
        named = maybe_team and one.name
        student = Student(self._free(one.name if named else one.id, one.name or one.id), one.name)
        team = one.name if named else ""
        claims = tuple(replace(claim, team=team, unsure=True) for claim in one.claims)
        self._give(student, claims)
        origin = min((claim.item.origin for claim in one.claims), key=natural)
        self._unclear.append(Unclear(origin, f"{why}; graded as {printable(student.id, 80)}"))

    def _give(self, student: Student, claims: tuple[Claim, ...]) -> None:
        student = self._ids.setdefault(student.id, student)
        self._found[student] += claims

    def _free(self, id_: str, more: str) -> str:
        """Return an id that nobody has, neither in the roster nor among those who handed in."""
        roster = self._roster
        while id_ in self._ids or (roster is not None and roster.is_known(id_)):
            id_ = f"{id_} ({more or 'unknown'})"
        return id_


def _fitted(
    one: Known, told: Evidence, numbering: Numbering, labels: Labels, roster: Roster
) -> _Match:
    if numbering.is_foreign and not one.plain:
        return _Match(one, told.by_name)
    if told.clash:
        return _Match(one, why_not=f"in {roster.shown} {told.clash}")
    told = labels.checked(told)
    if told.contradicts:
        return _Match(one, why_not=_contradiction(one, told, roster))
    if another := labels.another_name(one, told):
        who = printable(f"{min(told.by_id)} {roster.students[min(told.by_id)].name}", 120)
        return _Match(one, why_not=f"the number is that of {who}, but the name {another} is not")
    why = numbering.why_a_stranger(one, told)
    return _Match(one, told.people, bool(told.by_id), told.loose, why)


def _sure(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(replace(claim, unsure=False) for claim in claims)


def _doubt(
    match: _Match, claimants: Mapping[str, Sequence[_Match]], labels: Labels, roster: Roster
) -> str | None:
    """Return why an owner cannot be matched, or None."""
    if not match.people:
        return "nobody in the roster"
    if len(match.people) > 1:
        shown = sorted(match.people, key=natural)
        named = [printable(f"{id_} {roster.students[id_].name}", 80) for id_ in shown[:3]]
        return f"may be {' or '.join(named)}{' or others' * (len(shown) > 3)} of the roster"
    (person,) = match.people
    rivals = [
        rival
        for rival in claimants[person]
        if rival is not match
        and rival.known.trees & match.known.trees
        and (match.loose or not rival.loose)
        and not labels.are_versions(match.known, rival.known)
    ]
    if rivals and not match.sure:
        rival = printable(rivals[0].known.id, 60)
        return f"may be {printable(person, 60)} of the roster, but so may {rival}"
    return None


def _contradiction(one: Known, told: Evidence, roster: Roster) -> str:
    """Return in words that the id is one person's and the name another's."""
    ids = [f"{id_} {roster.students[id_].name}" for id_ in sorted(told.by_id, key=natural)[:2]]
    whose = printable(" or ".join(ids), 120)
    names = [f"{id_} {roster.students[id_].name}" for id_ in sorted(told.by_name, key=natural)[:2]]
    other = printable(" or ".join(names), 120)
    if one.plain:
        return f"the number or login is that of {whose} in {roster.shown}, but the name of {other}"
    name = printable(one.name, 60)
    but = f"the name that of {other}" if other else f"the name is {name}, which fits nobody"
    return f"the id is that of {whose} in {roster.shown}, but {but}"
