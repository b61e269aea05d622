"""Decides which cells of a gradebook's column change, and says what stood in them before.

A word in the column says that a student gets no points (Canvas' ``EX``), or that the work waits for
its grade (Blackboard's "Needs Grading"). The first stays, the second makes way. A word that nobody
has listed stays, too, unless most of the graded students have it: few are excused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebooks import cells
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.gradebooks.claims import GradeEntry
    from grader.gradebooks.model import Gradebook, GradebookStudent

_FEW = 3  # students, of whom a word says nothing about the others
_UNREAD = "the work of these could not be read"
_FAILED = "the grader itself failed on the work of these"
_BY_HAND = "a person has not graded all of the work of these"
_LOCKED = "the grades of these are locked, so that an import would leave them out"
# Canvas writes EX and N/A (not assigned to this student), the other systems' words and languages
# were not read in a source.
_KEPT = frozenset(
    {
        *("ex", "n/a", "na", "excused", "exempt", "exempted", "befreit", "entschuldigt"),
        *("exento", "eximido", "dispensé", "exempté", "esonerato", "vrijgesteld", "dispensado"),
        *("면제", "免除", "豁免"),
    }
)
# Not read in a source, except for the English words.
_WAITING = frozenset(
    {
        *("needs grading", "not graded", "ungraded", "submitted"),
        *("bewertung erforderlich", "benotung erforderlich", "muss bewertet werden"),
        *("necesita calificación", "requiere calificación", "pendiente de calificación"),
        *("nécessite une notation", "à noter", "da valutare", "richiede valutazione"),
        *("moet beoordeeld worden", "requer avaliação", "precisa de avaliação", "채점 필요"),
        *("需要评分", "需要評分", "採点が必要"),
    }
)


@dataclass(frozen=True)
class Changes:
    """The cells to write by row and column, the number of students with points, and warnings."""

    cells: Mapping[tuple[int, int], str]
    written: int
    warnings: tuple[str, ...]


def changes_for(gradebook: Gradebook, settled: Mapping[GradebookStudent, GradeEntry]) -> Changes:
    """Return the changes for the students who have a row."""
    rows, column = gradebook.file.table.rows, gradebook.column
    before = {person: rows[person.row].value(column).strip() for person in settled}
    shared = Counter(map(str.casefold, filter(_is_word, before.values())))
    most = max(_FEW, len(settled) / 2)
    waiting = _WAITING | {word for word, count in shared.items() if count >= most}
    changes: dict[tuple[int, int], str] = {}
    kept: dict[str, list[str]] = {}
    made_way: Counter[str] = Counter()
    left: dict[str, list[str]] = {}
    other: list[str] = []
    for person, entry in settled.items():
        there = before[person]
        name = person.name or entry.student.shown
        word = there.casefold() if _is_word(there) else ""
        if word and (word in _KEPT or word not in waiting):
            kept.setdefault(there, []).append(name)
        elif entry.points is None:
            why = _BY_HAND if entry.to_grade else _FAILED if entry.readable else _UNREAD
            left.setdefault(why, []).append(name)
        # The same number in another form (85.00) stays.
        elif cells.number(there) == round(entry.points, 2):
            continue
        elif person.locked:
            left.setdefault(_LOCKED, []).append(name)
        else:
            after = cells.score(entry.points, comma=gradebook.comma)
            changes[person.row, column] = after
            if word:
                made_way[there] += 1
            elif there not in cells.NOTHING:
                other.append(f"{printable(name, 60)} ({printable(there, 20)}, now {after})")
    warnings = [
        f"the cells of these say {printable(word, 40)} and stay so: {listed(names)}"
        for word, names in kept.items()
    ]
    warnings += [
        f"{count} cells said {printable(word, 40)} and now have points"
        for word, count in made_way.items()
    ]
    warnings += [
        f"{why}, and their cells are as they were: {listed(left[why])}"
        for why in (_UNREAD, _LOCKED, _BY_HAND, _FAILED)
        if why in left
    ]
    if other:
        warnings.append(f"other points stood there before: {listed(other)}")
    without = sum(map(len, (*kept.values(), *left.values())))
    return Changes(changes, len(settled) - without, tuple(warnings))


def listed(names: Iterable[str]) -> str:
    """Return all of the names, safe to show: each is a student whom a TA must see to."""
    shown = [printable(name, 160) for name in names]
    between = "; " if any("," in name for name in shown) else ", "  # "Kim, Minsu; Oh, Hana"
    return between.join(shown)


def _is_word(cell: str) -> bool:
    return cell not in cells.NOTHING and cells.number(cell) is None
