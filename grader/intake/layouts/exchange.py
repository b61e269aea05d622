"""nbgrader's exchange: ``inbound/<student>+<assignment>+<time>+<random>/``.

``inbound/mkim42+ps1+2025-03-01 23:58:01.000000 UTC+bbbbbbbbbbbb/mlp.ipynb``: a folder each time a
student submitted. The random text may be switched off; a student's name may hold a ``+``. The time
is in the zone that it names, by default UTC; its form is a setting. ``outbound`` beside it is what
students get, ``feedback`` what they get back.

Source: jupyter/nbgrader, nbgrader/exchange/default/submit.py 08fcced5 and collect.py 3f751137.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from grader.intake.layouts.assignments import of_one
from grader.intake.layouts.levels import NAMED, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

# File systems and archives may replace the colons.
_NAME = re.compile(
    r"(?P<student>.+)\+(?P<assignment>[^+]+)\+"
    r"(?P<date>\d{4}-\d\d-\d\d)[ T_](?P<time>\d\d[:_.\-]?\d\d[:_.\-]?\d\d)(?:\.(?P<part>\d{1,9}))?"
    r"(?: ?(?P<zone>[A-Za-z/_]+|[+-]\d\d[:_]?\d\d))?(?:\+[\w=-]+)?"
)
_OFFSET = re.compile(r"([+-])(\d\d)[:_]?(\d\d)")
_DIGITS = re.compile(r"\d\d")
_WHY_NOT = {
    "outbound": "released to students, not handed in",
    "feedback": "feedback to students, not handed in",
}


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise the exchange; raises ``GraderError`` if it holds several assignments."""

    def fits(path: Parts) -> bool:
        return bool(_NAME.fullmatch(path[-1])) or path[-2:-1] in {("outbound",), ("feedback",)}

    depth = levels.outermost_path(fits, NAMED)
    if depth is None:
        return None
    if not any(_NAME.fullmatch(path[-1]) for path in levels.paths(depth)):
        return None

    def whose(item: Item) -> Owner | None:
        one = _NAME.fullmatch(name_at(item, depth))
        if one is None:
            return None
        return Owner(one["student"], own=stem(item.name), attempt=_instant(one), time=_written(one))

    def assignment(item: Item) -> str:
        one = _NAME.fullmatch(name_at(item, depth))
        return one["assignment"] if one else ""

    hint = "Name the folders of one, as in: grade inbound/*+ps1+*"
    of_another = of_one(tree, tree.notebooks, assignment, whose, hint)

    def why_not(item: Item) -> str:
        beside = _WHY_NOT.get(name_at(item, depth - 1), "") if depth > 0 else ""
        return beside or of_another(item)

    return Layout("nbgrader's exchange", whose, why_not, depth=depth)


def _written(one: re.Match[str]) -> str:
    """Return the time as a text, with the zone if the name has one."""
    zone = one["zone"] or ""
    zone = zone.replace("_", ":") if _OFFSET.fullmatch(zone) else zone
    return f"{one['date']} {':'.join(_DIGITS.findall(one['time']))} {zone}".strip()


def _instant(one: re.Match[str]) -> tuple[int, ...]:
    """Return the year to the microsecond, in UTC where the zone is a number."""
    year, month, day = map(int, one["date"].split("-"))
    hour, minute, second = map(int, _DIGITS.findall(one["time"]))
    part = int((one["part"] or "").ljust(6, "0")[:6])
    try:
        when = datetime(year, month, day, hour, minute, second, part, timezone.utc)
        offset = _OFFSET.fullmatch(one["zone"] or "")
        if offset:
            ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            when = when - ahead if offset[1] == "+" else when + ahead
    except (ValueError, OverflowError):
        return ()
    return (when.year, when.month, when.day, when.hour, when.minute, when.second, when.microsecond)
