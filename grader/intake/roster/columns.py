"""Finds a roster's columns by their names, and by their form where the names are unknown."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.identity import participant_number
from grader.intake.names import LETTER, letters
from grader.intake.roster.column_names import BY_NAME, KNOWN, TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.intake.roster.text import Row

Places = dict[str, list[int]]

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_WORD_AND_NUMBER = re.compile(r"(\D+)[0-9]+")
# No marks and dates: four digits at least, and letters only before them.
_NUMBER_OF_A_PERSON = re.compile(r"#?[A-Za-z]{0,4}[-_]?\d{4,}(?:\.0+)?")
_LOGIN = re.compile(r"#?[a-z][a-z0-9._-]{1,}")
_PERSON = re.compile(rf"{LETTER}(?:{LETTER}|['\u2019.,() \-·])*{LETTER}\.?")
_POINTS = re.compile(r"\d+(?:[.,]\d+)?")
_MOST = 0.8  # of the cells that are not empty
_LONGEST = 100  # letters of a cell that tell its form


def header_of(rows: Sequence[Row]) -> int | None:
    """Return the number of the row that names the columns, None if there is none.

    Titles may stand above it.
    """
    first = rows[:TITLES]
    known = [sum(letters(cell) in KNOWN for cell in row.cells) for row in first]
    if any(known):
        return known.index(max(known))
    # In an unknown language: the first row as wide as most, if it holds no data.
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    for number, row in enumerate(first):
        if len(row.cells) == width:
            holds_data = any("@" in cell or cell.isdecimal() for cell in row.cells)
            return None if holds_data or width < 2 else number
    return None


def columns(header: Sequence[str], rows: Sequence[Row]) -> Places:
    """Return the numbers of each purpose's columns, the most telling first.

    ``participant`` is the column of Moodle's participant numbers, if there is one.
    """
    called = [letters(cell) for cell in header]
    found: Places = {
        purpose: sorted(
            (place for place, name in enumerate(called) if name in ranks),
            key=lambda place, ranks=ranks: (ranks[called[place]], place),  # type: ignore[misc]
        )
        for purpose, ranks in BY_NAME.items()
    }
    # If there is a column for the family name, this one holds the given name.
    if found["last"] and not found["first"] and "이름" in called:
        found["first"] = [called.index("이름")]
        found["name"] = [place for place in found["name"] if place not in found["first"]]
    if not found["last"] and not found["name"]:
        found["name"], found["first"] = found["first"], []
    cells = [
        [row.cells[n][:_LONGEST] if n < len(row.cells) else "" for row in rows]
        for n in range(len(called))
    ]
    found["participant"] = _participants(cells) if rows else []
    _by_form(found, cells)
    return found


def _participants(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the column of Moodle's participant numbers: in all rows the same word and a number.

    An unknown word counts in the first column, if the table has a worksheet's grade and maximum.
    """
    for place, column in enumerate(cells):
        matches = [_WORD_AND_NUMBER.fullmatch(cell) for cell in column if cell]
        words = {found[1].strip(" _") if found else "" for found in matches}
        if len(words) != 1 or len(set(column)) < len(column) or not letters(min(words)):
            continue
        known = participant_number(f"{min(words)} 1")
        if known or (place == 0 and len(letters(min(words))) > 1 and _has_maximum(cells)):
            return [place]
    return []


def _has_maximum(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a column holds one number in all rows, and that before it at most numbers."""
    pairs = pairwise(cells[1:])
    return any(
        len(set(most)) == 1
        and _POINTS.fullmatch(most[0])
        and all(_POINTS.fullmatch(cell) for cell in points if cell.strip("-"))
        for points, most in pairs
    )


def _by_form(found: Places, cells: Sequence[Sequence[str]]) -> None:
    taken = {place for places in found.values() for place in places}
    free = [place for place in range(len(cells)) if place not in taken]

    def of_form(matches: Callable[[str], object], *, distinct: float) -> list[int]:
        return [place for place in free if _mostly(cells[place], matches, distinct)]

    if not found["email"]:
        found["email"] = of_form(_ADDRESS.fullmatch, distinct=_MOST)
        free = [place for place in free if place not in found["email"]]
    if not found["id"]:
        found["id"] = of_form(_NUMBER_OF_A_PERSON.fullmatch, distinct=1.0)[:3]
        free = [place for place in free if place not in found["id"]]
    if not found["name"] and not found["first"] and not found["last"]:
        people = of_form(_PERSON.fullmatch, distinct=0.5)
        logins = [p for p in people if _mostly(cells[p], _LOGIN.fullmatch, 1.0)]
        people = [place for place in people if place not in logins]
        # Two columns of single words side by side are a given and a family name.
        if people[1:] and people[1] == people[0] + 1 and not _whole_names(cells[people[0]]):
            found["last"], found["first"] = people[:1], people[1:2]
        else:
            found["name"] = people[:1]
        free = [place for place in free if place not in people[:2]]
    if not found["login"]:
        found["login"] = of_form(_LOGIN.fullmatch, distinct=1.0)[:2]


def _mostly(cells: Iterable[str], matches: Callable[[str], object], distinct: float) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled or len(set(filled)) < distinct * len(filled):
        return False
    return sum(bool(matches(cell)) for cell in filled) >= _MOST * len(filled)


def _whole_names(cells: Sequence[str]) -> bool:
    """Whether these are whole names: of two words, or in scripts that write them as one."""
    filled = [cell for cell in cells if cell]
    several = sum(" " in cell or "," in cell for cell in filled)
    together = sum(not cell.isascii() and len(cell) >= 3 and cell[0] > "\u2e80" for cell in filled)
    return 2 * (several + together) > len(filled)


def shared_values(found: Mapping[str, Sequence[int]], rows: Sequence[Row], width: int) -> list[int]:
    """Return the columns that may tell a person's team, those that are called so first."""
    own = {"id", "participant", "name", "first", "last", "email", "login", "section"}
    taken = {place for purpose in own for place in found[purpose]} | {*found["group"]}
    maybe = []
    for place in range(width):
        cells = [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]
        if place not in taken and 1 < len(set(cells)) < len(cells):
            maybe.append(place)
    return [*found["group"], *maybe]
