"""The comments that mark the answers in a cell of the solved notebook.

A line ends in ``# ANSWER 5``, or in ``# ANSWER 5: label``. A block of lines stands between such a
comment alone on its line and ``# END 5``. A line with several blanks ends in ``# ANSWERS:`` and
what students find there, with a hole for each: ``x = f(3, 16)  # ANSWERS: x = f(__1__, __2__)``.
The numbers are the blanks'.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.notebook.read import Cell

_NUMBER_AND_LABEL = r"# ANSWER (?P<number>[1-9][0-9]*)(?:: (?P<label>\S.*?))?[ \t]*"
_LINE = re.compile(rf"(?P<indent>[ \t]*)(?P<code>\S.*?)[ \t]*{_NUMBER_AND_LABEL}")
_START = re.compile(rf"(?P<indent>[ \t]*){_NUMBER_AND_LABEL}")
_END = re.compile(r"[ \t]*# END (?P<number>[1-9][0-9]*)[ \t]*")
_SEVERAL = re.compile(
    r"(?P<indent>[ \t]*)(?P<code>\S.*?)[ \t]*# ANSWERS: (?P<holes>\S.*?)[ \t]*",
)
_HOLE = re.compile(r"__([1-9][0-9]*)__")
# What looks like a mark. A mistyped one is an error: it would leave its answer in the template.
_MEANT = re.compile(r"#[ \t]*(?:ANSWER|END[ \t]*[0-9]+[ \t]*$)", re.IGNORECASE)
_HOW = (
    "write it after the answer, on the same line: '# ANSWER 5' or '# ANSWER 5: label'; a block "
    "stands between the lines '# ANSWER 5' and '# END 5'"
)


@dataclass(frozen=True)
class MarkedAnswer:
    """One marked answer of the solved notebook.

    ``cell_number`` counts all cells from 1, Markdown cells too; ``line`` and ``last`` count the
    cell's lines from 1, a block's comments included. ``text`` is the code without indentation and
    comment. ``before`` and ``after`` are what stands beside the answer on its line.
    """

    number: int
    cell_number: int
    line: int
    last: int
    text: str
    label: str | None = None
    indent: str = ""
    block: bool = False
    before: str = ""
    after: str = ""
    several: bool = False


def find_answers(source: str, cell_number: int) -> list[MarkedAnswer]:
    """Return the answers of one code cell in reading order.

    Raises ``AssignmentError`` for a malformed mark.
    """
    found, problems = scan_answers(source, cell_number)
    for line, what in problems:
        raise AssignmentError(f"cell {cell_number}, line {line}: {what}", _HOW)
    return found


def require_whole_marks(name: str, cells: Iterable[Cell]) -> None:
    """Raise ``AssignmentError`` for the first malformed mark of a notebook called ``name``."""
    for cell in cells:
        for line, what in scan_answers(cell.source)[1] if cell.kind == "code" else ():
            raise AssignmentError(f"{name}, cell {cell.number}, line {line}: {what}", _HOW)


def scan_answers(
    source: str, cell_number: int = 0
) -> tuple[list[MarkedAnswer], list[tuple[int, str]]]:
    """Return the answers of one code cell, and the lines of malformed marks with what is wrong."""
    lines = source.split("\n")
    found: list[MarkedAnswer] = []
    problems: list[tuple[int, str]] = []
    skip = 0
    for number, line in enumerate(lines, start=1):
        if number <= skip:
            continue
        malformed = f"malformed answer marker: {line.strip()!r}"
        start = _START.fullmatch(line)
        if start is not None:
            block = _block(lines, number, start, cell_number)
            if isinstance(block, MarkedAnswer):
                found.append(block)
                skip = block.last
            else:
                problems.append((number, f"{malformed} {block}"))
            continue
        several = _SEVERAL.fullmatch(line)
        if several is not None and not _MEANT.search(several["code"]):
            each = _several(several, cell_number, number)
            found += each
            if not each:
                problems.append((number, f"{malformed} is not the line with holes as __1__"))
            continue
        one = _LINE.fullmatch(line)
        if one is not None and not _MEANT.search(one["code"]):
            found.append(_line(one, cell_number, number))
        elif _MEANT.search(line):
            problems.append((number, malformed))
    return found, problems


def _line(line: re.Match[str], cell_number: int, number: int) -> MarkedAnswer:
    """Return the answer of a line; the comma behind an argument is none of it."""
    text = line["code"].removesuffix(",").rstrip()
    return MarkedAnswer(
        *(int(line["number"]), cell_number, number, number, text, line["label"], line["indent"]),
        after=line["code"][len(text) :],
    )


def _block(
    lines: list[str], first: int, start: re.Match[str], cell_number: int
) -> MarkedAnswer | str:
    """Return the block that begins at a line, or what is wrong with it."""
    number = start["number"]
    for last in range(first + 1, len(lines) + 1):
        end = _END.fullmatch(lines[last - 1])
        if end is None and not _MEANT.search(lines[last - 1]):
            continue
        if end is None or end["number"] != number:
            return f"has another mark before its '# END {number}', in line {last}"
        text = textwrap.dedent("\n".join(lines[first : last - 1])).strip("\n")
        if not text.strip():
            return "has nothing in it"
        label, indent = start["label"], start["indent"]
        return MarkedAnswer(int(number), cell_number, first, last, text, label, indent, block=True)
    return f"stands alone on its line, and no '# END {number}' follows"


def _several(line: re.Match[str], cell_number: int, number: int) -> list[MarkedAnswer]:
    """Return the answers of a line with several; none where the holes do not fit it."""
    pieces = _HOLE.split(line["holes"])
    given, numbers = pieces[::2], [int(n) for n in pieces[1::2]]
    pattern = "(.+?)".join(re.escape(text) for text in given)
    fitting = re.fullmatch(pattern, line["code"])
    if fitting is None or not numbers:
        return []
    return [
        MarkedAnswer(
            *(blank, cell_number, number, number, fitting[k], None, line["indent"]),
            before=line["code"][: fitting.start(k)],
            after=line["code"][fitting.end(k) :],
            several=True,
        )
        for k, blank in enumerate(numbers, start=1)
    ]
