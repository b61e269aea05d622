"""Whether a class's ids in a download are those of the roster, another system's, or teams'."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.intake.roster.evidence import Evidence, Known
    from grader.intake.roster.people import Roster

# So many contradictions with other people's names, and at least four for each id that fits, are a
# numbering of another system.
_FEW = 3
_TO_ONE = 4


class Numbering:
    """What a class's ids and names say when they are taken together."""

    def __init__(
        self, people: Sequence[Known], told: Mapping[str, Evidence], roster: Roster
    ) -> None:
        """Compare the ids and names of those whom the download names."""
        self._roster = roster
        named = [(one, told[one.id]) for one in people if one.name and not one.plain]
        fitting = sum(bool(e.by_id) and not e.contradicts and e.fits is True for _, e in named)
        elsewhere = sum(e.contradicts and bool(e.by_name) for _, e in named)
        nobodys = sum(e.contradicts and not e.by_name for _, e in named)
        strange = sum(not e.by_name and e.fits is not True for _, e in named)
        self._shared = fitting >= 2 and 2 * fitting >= len(named)
        self.is_foreign = elsewhere >= _FEW and elsewhere >= _TO_ONE * fitting
        comparable = sum(bool(e.by_name) or e.fits is not None or not e.by_id for _, e in named)
        self.look_like_teams = (
            not self.is_foreign and nobodys > 0 and strange >= 2 and 2 * strange > comparable
        )
        self.remarks: list[str] = []
        if self.is_foreign:
            self.remarks.append(
                f"the download's ids are another system's: {elsewhere} of {len(named)} are other"
                " people's in this roster; matched by name alone"
            )
        if self.look_like_teams:
            self.remarks.append(
                f"{strange} of {len(named)} names in the download fit nobody here: if they are"
                " teams, --groups FILE says who is in them (columns: team, and id, name or"
                " e-mail address of a member); until then each is graded once, under its name"
            )
        unread = sum(bool(e.by_id) and not e.contradicts and e.fits is None for _, e in named)
        if unread and not self.is_foreign:
            self.remarks.append(
                f"of {unread} in the download the name is written in other letters than here, so"
                " that the id alone says who it is"
            )

    def why_a_stranger(self, one: Known, told: Evidence) -> str:
        """Return why somebody known by name alone is nobody of the roster, or an empty text.

        Where the class's ids are the roster's, an id that it does not hold is another person's.
        """
        if one.plain or not one.name or told.by_id or not self._shared:
            return ""
        if told.by_name & self._roster.borrowed or len(told.by_name) != 1:
            return ""
        (person,) = told.by_name
        return f"has the name of {person}, but an id that is not in {self._roster.shown}"
