"""What late work loses: a class's due date, grace, loss a day and extensions, and one hand-in's.

Days are those of the clocks where the class is: one day after 23:59 is 23:59 of the next day, also
in a night of 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone
from typing import TYPE_CHECKING

from grader.classroom.instants import days_later
from grader.identity import written_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta


@dataclass(frozen=True)
class PointsOrShare:
    """A part of the points: so many of them, or so many per cent of what the work has."""

    value: float
    percent: bool = False

    def of(self, score: float) -> float:
        """Return the points that it is of a work with this score."""
        return score * self.value / 100 if self.percent else self.value


@dataclass(frozen=True)
class Loss:
    """The points that late work loses.

    ``a_day`` goes for each day that has begun; ``floor`` is what stays in any case, of work that
    has so much. Behind ``max_days`` nothing more is lost, or with ``to_zero`` everything is,
    whatever the floor.
    """

    a_day: PointsOrShare
    floor: PointsOrShare | None = None
    max_days: int | None = None
    to_zero: bool = False

    def of(self, score: float, days: int) -> float:
        """Return the points that a work with this score loses after so many days."""
        if self.max_days is not None and days > self.max_days:
            if self.to_zero:
                return score
            days = self.max_days
        stays = 0.0 if self.floor is None else min(score, self.floor.of(score))
        return round(min(days * self.a_day.of(score), score - stays), 2) + 0.0


@dataclass(frozen=True)
class Extension:
    """A student's own due date, and why; ``by`` is who decided, if that is said."""

    due: datetime
    reason: str
    by: str = ""


@dataclass(frozen=True)
class Policy:
    """A class's rules for late work; ``due`` is in the class's zone."""

    due: datetime
    grace: timedelta
    loss: Loss
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def extension(self, student_id: str) -> Extension | None:
        """Return the student's extension, if there is one."""
        return self.extensions.get(written_id(student_id))

    def days_late(self, handed_in: datetime, due: datetime) -> int:
        """Return how many days after ``due`` have begun; each one's end has the same grace."""
        moment = handed_in.astimezone(timezone.utc) - self.grace
        begun = (moment - due.astimezone(timezone.utc)).days
        days = max(0, begun - 1)  # the clocks may have been changed in between
        while moment > days_later(due, days).astimezone(timezone.utc):
            days += 1
        return days


@dataclass(frozen=True)
class Lateness:
    """What a policy says of one hand-in; instants are texts with the offset from UTC.

    ``due`` is the student's own. ``handed_in`` is empty where it is not known, and ``why_open``
    then says why: nothing is lost. ``days`` after ``due`` have begun. ``doubt`` is what speaks
    against it, in words.
    """

    due: str
    loss: Loss
    handed_in: str = ""
    days: int = 0
    why_open: str = ""
    extension: Extension | None = None
    doubt: str = ""

    def lost(self, score: float) -> float:
        """Return the points that a work with this score loses."""
        return self.loss.of(score, self.days) if self.days else 0.0

    @property
    def late(self) -> str:
        """How late it is in words, "1 day late"; nothing if it is not."""
        return f"{self.days} day{'s' if self.days > 1 else ''} late" if self.days else ""


def lateness(
    policy: Policy, student_id: str, handed_in: datetime | None, *, why_open: str, marked: bool
) -> Lateness:
    """Return what the policy says of a student's hand-in; ``marked`` as late by the download."""
    own = policy.extension(student_id)
    due = own.due if own is not None else policy.due
    if handed_in is None:
        return Lateness(shown(due), policy.loss, why_open=why_open, extension=own)
    days = policy.days_late(handed_in, due)
    odd = marked and own is None and handed_in <= due
    return Lateness(
        due=shown(due),
        loss=policy.loss,
        handed_in=shown(handed_in.astimezone(policy.due.tzinfo)),
        days=days,
        extension=own,
        doubt="the download marks it as late, and by policy.toml it is in time" if odd else "",
    )


def shown(moment: datetime) -> str:
    """Return an instant as outputs show it: ``2025-03-01 23:59:00+09:00``."""
    return moment.isoformat(" ", "seconds")
