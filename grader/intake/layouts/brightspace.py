"""D2L Brightspace's download of a dropbox: a folder a submission.

``397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/mlp.ipynb``: the first number is the user's,
the second the dropbox's; older versions put all of it before the file's name. A group's submission
has the group's name before the submitter's, some institutions the student's number. An
``index.html`` lies beside. A date whose month is in an unknown language still ends the name, and
orders nothing. The time names no zone.

Sources, as D2L's own is closed: cgmb/d2lmf d2lmf/d2lmf.py 001588ae (``<id> - <name> - <date>``, one
folder a submission), two public scripts of teaching assistants (the group before the name; the date
without its colon). Dates in other languages and on 24 hours were not read in a source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.layouts.dates import date_in, looks_like_date, written
from grader.intake.layouts.levels import NAMED, is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_NUMBERS = re.compile(r"(\d+)-\d+")
_ID = re.compile(r"[A-Za-z]{0,3}\d{4,}")
_BETWEEN = " - "


def layout(_tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Brightspace download, zipped or unpacked, whole or one submission's folder."""
    depth = levels.outermost(_read, NAMED)
    if depth is None:
        return None
    return Layout("a Brightspace download", lambda item: _whose(item, depth), depth=depth)


def _whose(item: Item, depth: int) -> Owner | None:
    found = _read(name_at(item, depth))
    if found is None:
        return None
    number, names, date, own = found
    own = own if is_file_at(item, depth) and own else item.name
    ids = tuple(n for n in names[:-1] if _ID.fullmatch(n))
    time = written(date)
    person = Owner(number, names[-1], stem(own), date, ids=ids, time=time)
    groups = [name for name in names[:-1] if not _ID.fullmatch(name)]
    if not groups:
        return person
    group = _BETWEEN.join(groups)
    return Owner(group, group, stem(own), date, team=True, members=(person,), time=time)


def _read(name: str) -> tuple[str, list[str], tuple[int, ...], str] | None:
    """Return the user's number, the names, the date and the student's name for the file."""
    first, *chunks = name.split(_BETWEEN)
    number = _NUMBERS.fullmatch(first)
    if number is None:
        return None
    for place, chunk in enumerate(chunks):
        date = date_in(chunk)
        if place and (date or looks_like_date(chunk)):
            return number[1], chunks[:place], date, _BETWEEN.join(chunks[place + 1 :])
    return None
