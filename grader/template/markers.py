"""The comments that mark an answer in the solved notebook, and what can replace the answer.

A marked line is an answer's code followed by ``# ANSWER 5`` or ``# ANSWER 5: label``. The
number is the blank's. The label stays in the student's notebook.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Callable

FILL_IN = "# FILL IN HERE"
# Six spaces before the label, as in the course's own notebook.
_LABEL_GAP = " " * 6

_MARKED = re.compile(
    r"(?P<indent>[ \t]*)(?P<code>\S.*?)[ \t]*"
    r"# ANSWER (?P<number>[1-9][0-9]*)(?:: (?P<label>\S.*?))?[ \t]*"
)
# What looks like a marker. A mistyped one is an error: it would leave its answer in the template.
_MEANT = re.compile(r"#[ \t]*ANSWER", re.IGNORECASE)


@dataclass(frozen=True)
class AnswerLine:
    """One marked line of the solved notebook.

    ``cell_number`` counts all cells from 1, Markdown cells too; ``line`` counts the cell's
    lines from 1. ``text`` is the code without indentation and comment.
    """

    number: int
    cell_number: int
    line: int
    text: str
    label: str | None


def find_answers(source: str, cell_number: int) -> list[AnswerLine]:
    """Return the answers of one code cell in reading order.

    Raises ``AssignmentError`` for a malformed marker.
    """
    found = []
    for number, line in enumerate(source.split("\n"), start=1):
        marked = _MARKED.fullmatch(line)
        if marked is not None and not _MEANT.search(marked["code"]):
            answer = int(marked["number"])
            found.append(AnswerLine(answer, cell_number, number, marked["code"], marked["label"]))
        elif _MEANT.search(line):
            raise AssignmentError(
                f"cell {cell_number}, line {number}: malformed answer marker: {line.strip()!r}",
                "write it after the answer, on the same line: '# ANSWER 5' or '# ANSWER 5: label'",
            )
    return found


def blanked(source: str) -> str:
    """Return the cell with every marked line replaced by the marker that students fill in."""

    def blank(line: str, marked: re.Match[str] | None) -> str:
        if marked is None:
            return line
        label = f"{_LABEL_GAP}# {marked['label']}" if marked["label"] else ""
        return f"{marked['indent']}{FILL_IN}{label}"

    return _each_line(source, blank)


def without_markers(source: str) -> str:
    """Return the cell with its answers and without the comments that mark them."""
    return _each_line(
        source,
        lambda line, marked: line if marked is None else f"{marked['indent']}{marked['code']}",
    )


def with_answer(source: str, number: int, text: str) -> str:
    """Return the cell with another answer in blank ``number``, without that blank's marker.

    ``text`` may have several lines and is indented as the line that it replaces. Other markers
    stay. Raises ``AssignmentError`` when the cell does not mark that blank.
    """
    found = False

    def replace(line: str, marked: re.Match[str] | None) -> str:
        nonlocal found
        if marked is None or int(marked["number"]) != number:
            return line
        found = True
        return textwrap.indent(textwrap.dedent(text).strip("\n"), marked["indent"])

    replaced = _each_line(source, replace)
    if not found:
        raise AssignmentError(
            f"the cell has no '# ANSWER {number}'", "give the cell that holds this blank's answer"
        )
    return replaced


def _each_line(source: str, change: Callable[[str, re.Match[str] | None], str]) -> str:
    """Apply ``change`` to every line and its match with the pattern of a marked line."""
    return "\n".join(change(line, _MARKED.fullmatch(line)) for line in source.split("\n"))
