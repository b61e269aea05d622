"""The roster of a class, and which student of it each submission belongs to."""

from grader.intake.roster.groups import with_groups
from grader.intake.roster.matching import MatchedClass, known, match_students
from grader.intake.roster.people import Roster, RosterStudent
from grader.intake.roster.table import read_roster

__all__ = [
    "MatchedClass",
    "Roster",
    "RosterStudent",
    "known",
    "match_students",
    "read_roster",
    "with_groups",
]
