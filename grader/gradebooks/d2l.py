"""Reads the grades that D2L Brightspace exported.

The columns are ``OrgDefinedId`` or ``Username`` or both, with ``#`` before each, names, the address
and groups where they were asked for, the grade items, and ``End-of-Line Indicator``, which is ``#``
in every row. An item is ``Title Points Grade <Numeric MaxPoints:100 Weight:10 …>``. Read in public
scripts that write or read such files (``#`` before ids, the indicator, the form of an item).

An import needs ``OrgDefinedId`` or ``Username``, takes "Points Grade" columns (others are symbols,
texts or weights), ignores names, and caps points at the maximum unless the item can exceed it
(D2L's help, community.d2l.com kb 3538 and its edition of 2019). What an exempt student's cell says
was not read in a source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.gradebooks import cells
from grader.gradebooks.model import GradebookFile, GradebookStudent, PointsColumn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.gradebooks.table import Table

_ITEM = re.compile(
    r"(?P<title>.*?)(?P<points>\s+Points Grade)?\s*"
    r"(?:<[^<>]*MaxPoints:\s*(?P<most>[0-9]+(?:[.,][0-9]+)?)[^<>]*>)?",
    re.DOTALL,
)
_END, _SIGN = "end-of-line indicator", "#"
_IDS = frozenset({"orgdefinedid", "org defined id", "username", "email"})
_LAST, _FIRST = "last name", "first name"


def read(table: Table) -> GradebookFile | None:
    """Return the export, or ``None`` if its rows do not end in ``#``, and its header says no more.

    Raises ``GraderError`` if no column holds points.
    """
    header = table.header
    names = [name.casefold() for name in header]
    last = names.index(_END) if _END in names else len(header) - 1
    records = table.records
    ends_so = bool(records) and all(row.value(last).strip() == _SIGN for row in records.values())
    if names[last] != _END and not ends_so:
        return None
    ids = [i for i in range(last) if names[i] in _IDS]
    # In another language, ids are what "#" marks as text.
    ids = ids or [i for i in range(last) if _is_marked(row.value(i) for row in records.values())]
    people = tuple(
        GradebookStudent(number, tuple(row.value(i).strip() for i in ids), _name(row.values, names))
        for number, row in records.items()
    )
    return GradebookFile(
        system="D2L Brightspace",
        table=table,
        columns=_columns(header[:last]),
        people=lambda _column: people,
        above_most="D2L takes these as the maximum, unless the item can exceed it",
    )


def _columns(header: tuple[str, ...]) -> dict[int, PointsColumn]:
    found = {i: match for i, name in enumerate(header) if (match := _ITEM.fullmatch(name))}
    named = {i for i, one in found.items() if one["points"]}
    # In another language the maximum alone tells an item.
    items = named or {i for i, one in found.items() if one["most"]}
    if not items:
        raise GraderError(
            "the D2L export has no column of points, such as 'Homework Points Grade <Numeric …>'",
            'export it again with the grade values "Points grade" and the assignment\'s item',
        )
    return {
        i: PointsColumn(
            found[i]["title"].strip(),
            (header[i], found[i]["title"].strip(), header[i].partition("<")[0].strip()),
            most=cells.number(found[i]["most"] or ""),
        )
        for i in sorted(items)
    }


def _is_marked(values: Iterable[str]) -> bool:
    return all(value.strip().startswith(_SIGN) for value in values)


def _name(values: tuple[str, ...], names: list[str]) -> str:
    parts = [values[names.index(part)].strip() for part in (_LAST, _FIRST) if part in names]
    return ", ".join(filter(None, parts))
