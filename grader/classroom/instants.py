"""Reads when something was: a date and a time as systems write them, in a zone that is known.

No zone is ever guessed, and no hour that a clock showed twice, or skipped, is taken for one of two.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# The year first: what "03/04/2025" means depends on who wrote it.
_FORM = re.compile(
    r"(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T ]+(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?:[.,]\d+)?"
    r"\s*(?P<zone>[A-Za-z][A-Za-z0-9_/+-]*|[+-]\d\d:?\d\d)?"
)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_NUMBERS = re.compile(r"\d+")
_UTC = frozenset({"Z", "UTC", "GMT"})
_YEARS = range(1990, 2100)


class InstantError(ValueError):
    """A text says no instant; the message says why, to stand behind what the text is.

    ``no_zone`` means that only the zone is missing.
    """

    def __init__(self, problem: str, *, no_zone: bool = False) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.no_zone = no_zone


def named_zone(name: str) -> tzinfo | None:
    """Return the zone of a name such as ``Europe/Berlin``, ``None`` where there is no such one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):  # a folder, a path, a NUL
        return None


def instant(text: str, zone: tzinfo | None) -> datetime:
    """Return the instant that a text means, to the second, in ``zone`` where there is one.

    A text that names no zone means a time in ``zone``. Raises ``InstantError``.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InstantError("is no date and time with the year first, as in 2025-03-01 23:59")
    year, month, day = map(int, _NUMBERS.findall(found["date"]))
    hour, minute, second = (*map(int, _NUMBERS.findall(found["time"])), 0)[:3]
    if year not in _YEARS:
        raise InstantError(f"is in the year {year}")
    try:
        clock = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - see below
    except ValueError:
        raise InstantError("is no date and time that there is") from None
    written = found["zone"] or ""
    own = _own_zone(written)
    if own is not None:
        there = placed(clock, own)
        return there.astimezone(zone) if zone is not None else there
    if zone is None:
        raise InstantError(
            f'says "{written}", which is no certain zone' if written else "names no time zone",
            no_zone=True,
        )
    if not written:
        return placed(clock, zone)
    both = [clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    meant = [one for one in both if one.tzname() == written and _is_there(one)]
    if not meant:
        raise InstantError(f'says "{written}", which the zone {zone} does not call it then')
    return meant[0]


def placed(clock: datetime, zone: tzinfo) -> datetime:
    """Return a clock's time in a zone; raises ``InstantError`` if it was there twice, or never."""
    first, second = (clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if _is_there(first):
        raise InstantError(
            f"was there twice in {zone}, where the clocks were set back: "
            f"{first.isoformat()} and {second.isoformat()}"
        )
    raise InstantError(f"was never there in {zone}, where the clocks were set forward")


def days_later(due: datetime, days: int) -> datetime:
    """Return the same time of the day so many days later, by the clocks of the zone.

    Where the clocks are changed at that very time it is the later one of what may be meant.
    """
    if not days:
        return due
    clock = due.replace(tzinfo=None) + timedelta(days=days)
    both = [clock.replace(tzinfo=due.tzinfo, fold=fold) for fold in (0, 1)]
    return max(one.astimezone(timezone.utc) for one in both).astimezone(due.tzinfo)


def _own_zone(written: str) -> tzinfo | None:
    """Return the zone that a text names for certain: by an offset, UTC, or a place."""
    if written.upper() in _UTC:
        return timezone.utc
    offset = _OFFSET.fullmatch(written)
    if offset:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return (
            timezone(ahead if offset[1] == "+" else -ahead) if ahead < timedelta(days=1) else None
        )
    # "EST" is a zone of the database, too, but not one that everybody means.
    return named_zone(written) if "/" in written else None


def _is_there(one: datetime) -> bool:
    """Whether the zone's clocks ever showed it."""
    back = one.astimezone(timezone.utc).astimezone(one.tzinfo)
    return back.replace(tzinfo=None) == one.replace(tzinfo=None)
