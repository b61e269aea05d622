"""The content of a student's page: the checks, then the cells with notes between their lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.pages.code import CodeLine, coloured
from grader.pages.notes import MOST_NOTES, SHORT, Note, NumberedNotes, shortened, worth_saying
from grader.pages.statuses import LOOKS, Look
from grader.points import lost_points, points, summary
from grader.reports.finding import lines_about, only_repeats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from grader.classroom import Graded
    from grader.notebook.read import Cell
    from grader.report import CheckResult, Finding

MOST_LINES = 1500  # of all cells together, shared equally
_FEWEST_LINES = 30  # of one cell
_MOST_LINES_IN_ALL = 3000  # of a whole notebook that is shown without a cut
_AROUND = 6  # lines shown on either side of a note in a cell that is longer than its share
_HEAD = 20  # lines shown at the beginning of such a cell


@dataclass(frozen=True)
class CheckRow:
    """One check; ``places`` are its notes with a line, ``inside`` those without."""

    title: str
    look: Look
    score: str
    most: str
    was: str  # the points before a TA changed them, empty if nobody did
    summary: str
    places: tuple[Note, ...]
    inside: tuple[Note, ...]
    unsaid: int


@dataclass(frozen=True)
class Stretch:
    """Consecutive lines and the ``notes`` below them; ``left_out`` lines are missing above.

    ``colour`` is empty for lines that no note is about.
    """

    lines: tuple[CodeLine, ...]
    colour: str = ""
    notes: tuple[Note, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class CellView:
    """One cell of the notebook; ``title`` says which."""

    number: int
    title: str
    parts: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    left_out: int = 0  # lines below the last stretch


@dataclass(frozen=True)
class _Placed:
    """A note and the first and last line of the cell that it is about."""

    note: Note
    finding: Finding
    first: int
    last: int


def views(graded: Graded, more: Collection[int] = ()) -> tuple[list[CheckRow], list[CellView]]:
    """Return the checks and the cells of a student's page.

    Cells with a finding or a graded part are shown, and those with the numbers ``more``.
    """
    cells = {cell.number: cell for cell in graded.cells if cell.kind == "code"}
    rows, placed = _rows(graded, cells)
    numbers = sorted({*placed, *(n for n in (*graded.parts, *more) if n in cells)})
    total = sum(cells[number].text.count("\n") + 1 for number in numbers)
    most = max(_FEWEST_LINES, MOST_LINES // max(1, len(numbers)))
    if more and total <= _MOST_LINES_IN_ALL:
        most = total
    return rows, [
        _cell(cells[number], graded.parts.get(number, ()), placed.get(number, []), most)
        for number in numbers
    ]


def _rows(
    graded: Graded, cells: dict[int, Cell]
) -> tuple[list[CheckRow], dict[int, list[_Placed]]]:
    """Return the checks, and by cell the notes that stand below lines."""
    notes = NumberedNotes(graded.report, graded.cells)
    shown: set[int] = set()
    placed: dict[int, list[_Placed]] = {}
    rows = []
    for check in graded.report.checks:
        lines: list[_Placed] = []
        inside: list[Note] = []
        for finding in worth_saying(check)[:MOST_NOTES]:
            note = notes.note(finding)
            about = _lines_in(cells, finding)
            new = note.number not in shown
            shown.add(note.number)
            if about is not None:
                lines.append(_Placed(note, finding, *about))
                if new:
                    placed.setdefault(finding.cell or 0, []).append(lines[-1])
            elif new and not only_repeats(finding, summary(check)):
                inside.append(note)
        row = _row(check, graded.checks[check.id], lines, inside)
        # What a person grades had no points before.
        rows.append(replace(row, was="") if check.id in graded.given_by_hand else row)
    return rows, placed


def _row(check: CheckResult, score: float, lines: list[_Placed], inside: list[Note]) -> CheckRow:
    places = sorted(lines, key=lambda item: (item.finding.cell or 0, item.first))
    return CheckRow(
        title=check.title,
        look=LOOKS[check.status],
        score=points(score),
        most=points(check.max_score),
        was="" if score == check.score else points(check.score),
        summary=shortened(summary(check), SHORT) if lost_points(check) else "",
        places=tuple(item.note for item in places),
        inside=tuple(inside),
        unsaid=max(0, len(worth_saying(check)) - MOST_NOTES),
    )


def _lines_in(cells: dict[int, Cell], finding: Finding) -> tuple[int, int] | None:
    """Return the first and last line of a finding, None if this notebook has no such lines."""
    about = lines_about(finding)
    cell = cells.get(finding.cell or 0)
    if about is None or cell is None:
        return None
    first, last = about
    return about if 1 <= first <= last <= cell.source.count("\n") + 1 else None


def _cell(cell: Cell, parts: tuple[str, ...], placed: Sequence[_Placed], most: int) -> CellView:
    texts = cell.source.split("\n")
    about = {number for item in placed for number in range(item.first, item.last + 1)}
    above = cell.above or 0
    shown = _shown(len(texts) - above, {number - above for number in about}, most)
    numbers = [number + above for number in shown]
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in placed:
        if item.finding.column is not None:
            end = item.finding.end_column or item.finding.column + 1
            spans.setdefault(item.first, []).append((item.finding.column, end))
    lines = coloured([(number, texts[number - 1]) for number in numbers], spans)
    below = len(texts) - (numbers[-1] if numbers else 0)
    return CellView(cell.number, cell.title, parts, tuple(_stretches(lines, placed, above)), below)


def _shown(count: int, about: set[int], most: int) -> list[int]:
    """Return the numbers of the lines to show: all, or in a long cell those around notes."""
    if count <= most:
        return list(range(1, count + 1))
    near = {n + step for n in about for step in range(-_AROUND, _AROUND + 1)}
    wanted = sorted(n for n in near | set(range(1, _HEAD + 1)) if 1 <= n <= count)
    return sorted({*wanted[:most], *about})


def _stretches(lines: Iterable[CodeLine], placed: Sequence[_Placed], above: int) -> list[Stretch]:
    """Split a cell's lines below each note, and where a coloured span begins or ends."""
    below: dict[int, list[Note]] = {}
    colours: dict[int, str] = {}
    for item in placed:
        below.setdefault(item.last, []).append(item.note)
        for number in range(item.first, item.last + 1):
            worst = "fail" in (item.note.colour, colours.get(number))
            colours[number] = "fail" if worst else item.note.colour
    stretches: list[Stretch] = []
    run: list[CodeLine] = []
    before, left_out = above, 0
    for line in lines:
        colour = colours.get(line.number, "")
        gap = line.number - before - 1
        if run and (gap or colour != colours.get(before, "")):
            stretches.append(Stretch(tuple(run), colours.get(before, ""), (), left_out))
            run, left_out = [], 0
        left_out = left_out or gap
        run.append(line)
        before = line.number
        if line.number in below:
            stretches.append(Stretch(tuple(run), colour, tuple(below[line.number]), left_out))
            run, left_out = [], 0
    if run:
        stretches.append(Stretch(tuple(run), colours.get(before, ""), (), left_out))
    return stretches
