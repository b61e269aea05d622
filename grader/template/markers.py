"""Rewrites a cell of the solved notebook: its answers blanked, replaced, or without their marks."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from grader.assignment.model import MARKER
from grader.errors import AssignmentError
from grader.notebook.answer_marks import MarkedAnswer, scan_answers
from grader.notebook.magics import to_python
from grader.notebook.syntax import parses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# What stands in for an answer between others on its line; the grader reads it as an empty blank.
NOTHING = "..."
# Six spaces before the label, as in the course's own notebook.
_LABEL_GAP = " " * 6


def blanked(
    source: str, marker: str = MARKER, placeholders: Mapping[int, str] | None = None
) -> str:
    """Return the cell with every answer replaced by the marker that students fill in.

    ``placeholders`` are the code that stands below the marker of a block, or in the place of an
    answer between others on its line. Where a block's marker would stand alone below a colon,
    ``pass`` keeps the cell Python.
    """
    instead = placeholders or {}

    def blank(answers: Sequence[MarkedAnswer]) -> list[str]:
        first = answers[0]
        if first.several:
            return [f"{first.indent}{_with_holes(answers, instead)}  {marker}"]
        label = f"{_LABEL_GAP}# {first.label}" if first.label else ""
        lines = [f"{first.indent}{marker}{label}"]
        code = instead.get(first.number, "") if first.block else ""
        if code:
            lines += textwrap.indent(code, first.indent).split("\n")
        elif first.block and _is_needed(source, first):
            lines.append(f"{first.indent}pass")
        return lines

    return _each_answer(source, blank)


def without_markers(source: str) -> str:
    """Return the cell with its answers and without the comments that mark them."""
    lines = source.split("\n")

    def bare(answers: Sequence[MarkedAnswer]) -> list[str]:
        one = answers[0]
        if one.block:
            return lines[one.line : one.last - 1]
        return [f"{one.indent}{one.before}{one.text}{one.after}"]

    return _each_answer(source, bare)


def with_answer(source: str, number: int, text: str) -> str:
    """Return the cell with another answer in blank ``number``, without that blank's marker.

    ``text`` may have several lines and is indented as what it replaces; on a line with several
    blanks it becomes one line, and the mark of the others stays. Other markers stay. Raises
    ``AssignmentError`` when the cell does not mark that blank.
    """
    lines, found = source.split("\n"), False

    def replace(answers: Sequence[MarkedAnswer]) -> list[str]:
        nonlocal found
        mine = next((one for one in answers if one.number == number), None)
        if mine is None:
            return lines[answers[0].line - 1 : answers[0].last]
        found = True
        if mine.several:
            line = " ".join(text.split())
            mark = lines[mine.line - 1].rpartition("# ANSWERS: ")[2]
            return [f"{mine.indent}{mine.before}{line}{mine.after}  # ANSWERS: {mark}"]
        new = textwrap.indent(textwrap.dedent(text).strip("\n"), mine.indent)
        return (new if mine.after and new.endswith(mine.after) else new + mine.after).split("\n")

    replaced = _each_answer(source, replace)
    if not found:
        raise AssignmentError(
            f"the cell has no '# ANSWER {number}'", "give the cell that holds this blank's answer"
        )
    return replaced


def marks(source: str, number: int) -> bool:
    """Say whether a cell marks the answer of blank ``number``."""
    return any(one.number == number for one in scan_answers(source)[0])


def _each_answer(source: str, change: Callable[[Sequence[MarkedAnswer]], list[str]]) -> str:
    """Replace the lines of each answer by what ``change`` makes of it, and of those beside it."""
    lines = source.split("\n")
    by_line: dict[int, list[MarkedAnswer]] = {}
    for one in scan_answers(source)[0]:
        by_line.setdefault(one.line, []).append(one)
    for first, answers in sorted(by_line.items(), reverse=True):
        lines[first - 1 : answers[0].last] = change(answers)
    return "\n".join(lines)


def _with_holes(answers: Sequence[MarkedAnswer], instead: Mapping[int, str]) -> str:
    text = answers[0].before
    for one, following in zip(answers, [*answers[1:], None], strict=True):
        end = len(one.after) - len(following.after) - len(following.text) if following else None
        text += (instead.get(one.number) or NOTHING) + one.after[:end]
    return text


def _is_needed(source: str, block: MarkedAnswer) -> bool:
    """Whether a block is all of what stands below a colon, so that something has to be left."""
    lines = source.split("\n")
    lines[block.line - 1 : block.last] = [f"{block.indent}# {block.number}"]
    alone = "\n".join(lines)
    lines[block.line - 1] = f"{block.indent}pass"
    return not _reads(alone) and _reads("\n".join(lines))


def _reads(source: str) -> bool:
    """Whether a cell is Python with its other answers."""
    return parses(to_python(without_markers(source)))
