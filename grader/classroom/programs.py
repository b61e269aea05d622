"""The programs of a class: who shares each, and which are unusual to share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.notebook.syntax import parse, written

if TYPE_CHECKING:
    from grader.classroom.model import Graded
    from grader.classroom.student_result import StudentResult
    from grader.notebook.read import Cell

# A short answer is found by many, and every class has lines that one program alone has. So many of
# them in one program, which only few share, are rare among those who worked apart.
_FEW = 4
_OWN_LINES = 3
_SHORT = 6  # characters; "else:" is nobody's own
_OTHERS = 8  # students with other programs, or nothing can be called unusual


@dataclass(frozen=True)
class SharedProgram:
    """The students with the same program; ``number`` counts from 1, the largest group first.

    ``example`` is one member's result, whose cells are shown. ``own_lines`` is how many lines of
    code all its members have and no other program has, where only a few students share it; else 0.
    """

    number: int
    id: str
    members: tuple[StudentResult, ...]
    example: Graded
    own_lines: int = 0


class ProgramTally:
    """Collects the students by their programs."""

    def __init__(self) -> None:
        """Begin without students."""
        self._members: dict[str, list[StudentResult]] = {}
        self._first: dict[str, list[Graded]] = {}

    def add(self, graded: Graded, entry: StudentResult) -> None:
        """Add one student whose notebook could be read."""
        self._members.setdefault(graded.group, []).append(entry)
        seen = self._first.setdefault(graded.group, [])
        if len(seen) < _FEW:
            seen.append(graded)

    def ranked(self) -> tuple[SharedProgram, ...]:
        """Return the programs, the one of most students first."""
        own = self._own_lines()

        def rank(group: str) -> tuple[int, float]:
            first = self._members[group][0]
            return -len(self._members[group]), -(first.score + first.lost)

        return tuple(
            SharedProgram(
                *(number, group, tuple(self._members[group]), self._first[group][0]),
                own_lines=own.get(group, 0),
            )
            for number, group in enumerate(sorted(self._members, key=rank), start=1)
        )

    def _own_lines(self) -> dict[str, int]:
        """Return the number of own lines of each program that is unusual to share."""
        total = sum(map(len, self._members.values()))
        suspects = [
            group
            for group, members in self._members.items()
            if 1 < len(members) <= _FEW
            and total - len(members) >= _OTHERS
            and not _one_team(self._first[group])
        ]
        if not suspects:
            return {}
        lines = {group: [_lines(graded) for graded in seen] for group, seen in self._first.items()}
        # In how many programs a line is; a program has what one of its members has.
        known = Counter(line for seen in lines.values() for line in frozenset().union(*seen))
        found = {
            group: sum(known[line] == 1 for line in frozenset.intersection(*lines[group]))
            for group in suspects
        }
        return {group: number for group, number in found.items() if number >= _OWN_LINES}


def _one_team(members: list[Graded]) -> bool:
    teams = {one.team for one in members}
    return len(teams) == 1 and teams != {""}


def _lines(graded: Graded) -> frozenset[str]:
    """Return the lines of the graded cells, without comments and layout."""
    cells = [cell for cell in graded.cells if cell.number in graded.parts]
    return frozenset(line for cell in cells for line in _code(cell) if len(line) >= _SHORT)


def _code(cell: Cell) -> list[str]:
    try:
        text = written(parse(cell.source))
    except SyntaxError:
        text = None
    lines = (cell.source if text is None else text).split("\n")
    return ["".join(line.split("#")[0].split()) for line in lines]
