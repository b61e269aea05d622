"""Who should hand in, and whose is what was handed in."""

from grader.intake.roster.matching import MatchedClass, settle
from grader.intake.roster.people import Roster, RosterStudent
from grader.intake.roster.table import read_roster

__all__ = ["MatchedClass", "Roster", "RosterStudent", "read_roster", "settle"]
