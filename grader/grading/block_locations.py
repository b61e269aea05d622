"""Finds the line of a block that a remark is about."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.grading.excerpts import lines_of, text_of
from grader.grading.part_lines import bare
from grader.locate.answers import BLOCK
from grader.locate.blocks import is_idle
from grader.locate.sites import BlankState
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.sites import BlankSite
    from grader.report import SourceLine

# Lines that are shown around the one that a finding points at.
_ABOVE, _BELOW = 2, 3

Place = tuple["int | None", "int | None", "tuple[int, int] | None", tuple["SourceLine", ...]]


def block_place(remark: Remark, submission: Submission, assignment: Assignment) -> Place | None:
    """Return the place of a remark on the answer in a block; ``None`` for any other remark.

    That is the line that was seen doing it, the one that the listed mistake tells, the one
    statement that differs from the solved notebook's, or the first one that does.
    """
    if remark.blank is None or assignment.blank(remark.blank).kind != BLOCK:
        return None
    site = submission.site(remark.blank)
    if site is None or site.span is None or site.state is not BlankState.ANSWERED:
        return None
    if remark.blank in remark.spared:  # right word for word
        return None
    if remark.mistake is not None and remark.mistake.arrow == "":
        return (site.cell, None, None, ())
    first, last = site.span.line, site.span.end_line
    line = next(_lines(remark, site, submission, assignment), first)
    shown = lines_of(submission, site.cell, max(line - _ABOVE, first), min(line + _BELOW, last))
    return (site.cell, line, None, shown)


def _lines(
    remark: Remark, site: BlankSite, submission: Submission, assignment: Assignment
) -> Iterator[int]:
    """Yield the lines of a block that may be to blame, the surest first."""
    assert site.span is not None
    inside = range(site.span.line, site.span.end_line + 1)
    frames = list(remark.error["frames"]) if remark.error is not None else []
    seen = [*reversed(frames), *([remark.at] if remark.at is not None else [])]
    yield from (line for cell, line in seen if cell == site.cell and line in inside)
    if remark.mistake is not None and remark.mistake.arrow:
        told = bare(remark.mistake.arrow)
        yield from (n for n in inside if told in bare(text_of(submission, site.cell, n)))
    if remark.only is not None and remark.only[0] == site.cell and remark.only[1] in inside:
        yield remark.only[1]
    part = next((p for p in submission.parts.values() if p.blank(site.number)), None)
    nodes = walk(part.statements[0].node) if part is not None and part.statements else ()
    blank = assignment.blank(site.number)
    statements = [node for node in nodes if isinstance(node, ast.stmt)]
    begins = {node.lineno for node in statements if not is_idle([node], blank)}
    yield from (n for n in inside if n in begins and (site.cell, n) not in remark.same)
