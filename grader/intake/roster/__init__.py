"""Who should hand in, and whose is what was handed in."""

from grader.intake.roster.matching import Settled, settle
from grader.intake.roster.people import Person, Roster
from grader.intake.roster.table import read_roster

__all__ = ["Person", "Roster", "Settled", "read_roster", "settle"]
