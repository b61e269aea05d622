"""Reads who hands in together: a CSV file of Canvas, Moodle or by hand, a row for each member.

Canvas exports a group set as ``name, canvas_user_id, user_id, login_id, sections, group_name,
canvas_group_id, group_id`` (read in a public script's description of its input). Moodle's grading
worksheet has a column with each participant's group in a team assignment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.errors import GraderError
from grader.intake.model import Owner
from grader.intake.remarks import shortened
from grader.intake.roster.evidence import Known, evidence
from grader.intake.roster.people import Roster, RosterStudent
from grader.intake.roster.table import read_roster
from grader.text import printable

if TYPE_CHECKING:
    import os

_EXAMPLE = "One row for each member, below a line such as: team,id,name"


def with_groups(roster: Roster | None, path: str | os.PathLike[str]) -> Roster:
    """Return the roster with the teams of the file at ``path``; without a roster, its members.

    Members who are not in the roster are added, and listed in its ``unclear``. Raises
    ``GraderError`` if the file cannot be read, or has no column of teams or of people.
    """
    listed = read_roster(path, "groups file", names_alone=True)
    if not listed.groupings[0]:
        raise GraderError(f"the groups file {listed.shown} has no column of teams", _EXAMPLE)
    if roster is None:
        return Roster(listed.people, listed.shown, listed.unclear, named=1)
    teams: dict[str, str] = {}
    added: list[RosterStudent] = []
    odd: list[Unclear] = []
    for person in listed.people:
        team = person.teams[0]
        if not team:
            continue
        found = _in_roster(person, roster)
        if found is not None:
            teams[found] = team
            continue
        who = printable(f"{person.student.name} {person.student.id}".strip(), 100)
        reason = f"{who} of the team {printable(team, 60)} is nobody in {roster.shown}"
        if person.student.id in roster.students:
            odd.append(Unclear(listed.shown, f"{reason}, though the id is there; left out"))
        else:
            odd.append(Unclear(listed.shown, f"{reason}; added"))
            added.append(replace(person, teams=(team,)))
    people = [
        replace(person, teams=(teams.get(person.student.id, ""), *person.teams))
        for person in roster.people
    ]
    unclear = (*roster.unclear, *listed.unclear, *shortened(odd))
    names = [team.name for team in listed.groupings[0].values()]
    return Roster([*people, *added], roster.shown, unclear, names, 1 + roster.named)


def _in_roster(person: RosterStudent, roster: Roster) -> str | None:
    """Return the id in the roster of a member of a team, None if that is not certain."""
    student = person.student
    further = (*person.aliases, *person.logins, student.email)
    owner = Owner(
        student.id,
        student.name,
        ids=tuple(id_ for id_ in further if id_),
        participant=bool(person.participant) and bool(roster.by_participant),
    )
    told = evidence(Known(owner, (), student.id), roster)
    if told.clash or told.contradicts or len(told.people) != 1:
        return None
    return next(iter(told.people))
