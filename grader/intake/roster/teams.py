"""Recognises teams among the owners, and finds their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.classroom import Student, Unclear
from grader.intake.names import natural
from grader.intake.roster.evidence import Evidence, Known, evidence
from grader.intake.roster.people import Team, team_key
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.intake.model import Owner
    from grader.intake.roster.people import Roster

_UNKNOWN = (
    "a team whose members are not known, so that nobody gets its points; --groups FILE says who"
    " they are (columns: team, and id, name or e-mail address of a member)"
)


@dataclass(frozen=True)
class TeamMember:
    """One member of a team; ``why`` says why the roster does not know this person."""

    student: Student
    why: str = ""


class Teams:
    """The teams of one download.

    An owner is a team if the layout says so, or if it has a team's name in the roster and nobody's.
    """

    def __init__(
        self, owners: Sequence[Known], told: Mapping[str, Evidence], roster: Roster | None
    ) -> None:
        """Choose the roster's column that names most of the owners."""
        self._roster = roster
        self._teams: dict[str, Team | None] = {}
        nobody = [one for one in owners if one.id not in told or not told[one.id].by_name]
        groupings = [] if roster is None else roster.groupings
        certain = 0 if roster is None else roster.named
        found = [
            {
                one.id: grouping.get(team_key(_called(one)))
                for one in nobody
                # A file may be called like a section or a remark by chance.
                if number < certain or not one.plain
            }
            for number, grouping in enumerate(groupings)
        ]
        named = max(found, key=lambda teams: sum(map(bool, teams.values())), default={})
        self._teams = {id_: team for id_, team in named.items() if team is not None}
        for one in owners:
            if one.owner.team:
                self._teams.setdefault(one.id, None)
        self._members = {one.id: list(self._found(one)) for one in owners if one.id in self._teams}

    def is_team(self, one: Known) -> bool:
        """Whether an owner is a team."""
        return one.id in self._teams

    def name_of(self, one: Known) -> str:
        """Return a team's name, as the roster or the download writes it."""
        team = self._teams[one.id]
        return team.name if team is not None else _called(one)

    def members_of(self, one: Known) -> list[TeamMember]:
        """Return a team's members as far as they are known."""
        return self._members[one.id]

    def remarks_on(self, one: Known) -> list[Unclear]:
        """Return what a TA should know of a team."""
        origin = min((claim.item.origin for claim in one.claims), key=natural)
        name = printable(self.name_of(one), 60)
        if not self._members[one.id]:
            return [Unclear(origin, f"{name} is {_UNKNOWN}; graded as {name}")]
        return [
            Unclear(origin, f"{printable(m.student.shown, 60)} of the team {name}: {m.why}")
            for m in self._members[one.id]
            if m.why
        ]

    def _found(self, one: Known) -> Iterator[TeamMember]:
        team = self._teams[one.id]
        if team is not None and team.members and self._roster is not None:
            yield from (TeamMember(self._roster.students[id_]) for id_ in team.members)
            return
        for owner in one.owner.members:
            yield self._member(owner)

    def _member(self, owner: Owner) -> TeamMember:
        """Return a member that the layout names."""
        own = Student(owner.id, owner.name)
        roster = self._roster
        if roster is None:
            return TeamMember(own)
        told = evidence(Known(owner, (), owner.id), roster)
        if len(told.people) == 1 and not told.contradicts and not told.clash:
            return TeamMember(roster.students[next(iter(told.people))])
        id_ = owner.id
        while roster.is_known(id_):
            id_ = f"{id_} ({owner.name or 'unknown'})"
        why = "is not certain" if told.people or told.clash else "is nobody in the roster"
        return TeamMember(Student(id_, owner.name), f"{why}; graded as {printable(id_, 80)}")


def _called(one: Known) -> str:
    return one.name or one.owner.id.rpartition("/")[2]
