"""Works on a block as text: puts something in its place, and finds it where it is broken."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from grader.locate.outlines import bare_lines
from grader.notebook.scan import is_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.locate.outlines import Outline
    from grader.locate.sites import BlankSite


def without_block(text: str, site: BlankSite, neutral: str) -> str:
    """Return a part's text with a block replaced by one statement; no line number changes."""
    span = site.statement
    if span is None:  # there is nothing to replace
        return text
    lines = text.split("\n")
    first, last = lines[span.line - 1], lines[span.end_line - 1]
    before, after = first[: span.column], last[span.end_column :]
    if not is_code(first):
        before = " " * span.column
        # A tab is one column for Python's tree, and a margin for its parser.
        beside = next((k for k in range(len(lines)) if _margin(lines[k]) == span.column), None)
        before = lines[beside][: span.column] if beside is not None else before
    behind = "; " if (span.line, span.column) == (span.end_line, span.end_column) else ""
    lines[span.line - 1 : span.end_line] = [
        before + (behind if before.strip() else "") + neutral + (after if is_code(after) else ""),
        *[""] * (span.end_line - span.line),
    ]
    return "\n".join(lines)


def block_places(lines: Sequence[str], outline: Outline) -> list[tuple[int, int]]:
    """Guess the lines of a block in text that does not parse, from the given lines around it."""
    code = [n for n, line in enumerate(lines, start=1) if is_code(line)]
    if not code:
        return []
    if outline.owner is None:
        return [(code[0], code[-1])]
    bare = ["".join(bare_lines([lines[n - 1]])) for n in code]
    above = _matched(outline.above, bare)
    start = above[-1] + 1 if above else 1
    below = [k for k in _matched(outline.below, bare) if k >= start]
    end = below[0] if below else len(code)
    if start < end:
        # Lines of the block may be the same as given ones.
        by_number = (min(len(outline.above), len(code) - 1), len(code) - len(outline.below))
        several = [(start, end), *([by_number] if by_number[0] < by_number[1] else [])]
        return [(code[first], code[last - 1]) for first, last in dict.fromkeys(several)]
    first = code[start - 1] + 1
    last = code[end] - 1 if end < len(code) else len(lines)
    comments = [n for n in range(first, last + 1) if lines[n - 1].strip()]
    return [(comments[0], comments[0])] if comments else []


def is_empty_place(lines: Sequence[str], place: tuple[int, int]) -> bool:
    """Whether some lines hold no code."""
    return not any(is_code(line) for line in lines[place[0] - 1 : place[1]])


def _matched(some: Sequence[str], bare: Sequence[str]) -> list[int]:
    matcher = SequenceMatcher(None, list(some), list(bare), autojunk=False)
    return [k for _, b, size in matcher.get_matching_blocks() for k in range(b, b + size)]


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip()) if is_code(line) else -1
