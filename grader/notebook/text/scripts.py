"""Cuts a script into the cells of the notebook that it was saved from.

Forms: ``# %%`` (VS Code, Spyder, Jupytext's percent), ``# In[3]:`` (nbconvert), ``# +`` and ``# -``
(Jupytext's light), and Colab's "Download .py", which puts Markdown into strings and marks no cell.
Marks count only at the left margin, where VS Code takes them for marks, too; whatever stands above
them: a string that is never closed costs its cell and no other.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from grader.notebook.text.pieces import TextPiece, marked, tags_in

if TYPE_CHECKING:
    from collections.abc import Iterator

# "# %%time" is no mark but a magic that was put into a comment.
_PERCENT = re.compile(r"#\s*(?:%%+(?:\s|$)|<codecell>\s*$)")
_PROMPT = re.compile(r"# In ?\[[\d ]{0,9}\]:?\s*$")
_LIGHT = re.compile(r"# ?(?:\+(?:\s|$)|-\s*$)")
_LIGHT_END = re.compile(r"# ?-\s*$")
_KIND = re.compile(r"\[(markdown|md|raw)\]")
_COMMENTED = "# Commented out IPython magic to ensure Python compatibility."
_CELL_MAGIC = "get_ipython().run_cell_magic("
_LONGEST_MAGIC = 100_000


def script_pieces(lines: list[str], *, light: bool) -> list[TextPiece]:
    """Return a script's pieces; ``light`` says that its header names that form.

    Lines are changed in place where a cell was put into comments; none is added or taken away.
    """
    uncomment_magics(lines)
    numbers = range(len(lines))
    if marks := [n for n in numbers if _PERCENT.match(lines[n])]:
        pieces = [TextPiece("code", 0, marks[0]), *_percent(lines, marks)]
    elif marks := [n for n in numbers if _PROMPT.match(lines[n])]:
        pieces = [
            piece
            for first, last in [(0, marks[0]), *marked(lines, marks)]
            for piece in _prompted(lines, first, last)
        ]
    elif light or any(map(_LIGHT_END.match, lines)):
        pieces = list(_light(lines))
    else:
        pieces = list(_strings(lines))
    return [part for piece in pieces for part in _without_calls(lines, piece)]


def uncomment_magics(lines: list[str]) -> None:
    """Take out of its comment, in place, a cell that Colab put there for the magic at its head.

    Colab comments out a line magic alone, and below a cell magic (``%%time``) the whole cell.
    """
    number = 0
    while number < len(lines):
        is_cell = lines[number : number + 1] == [_COMMENTED]
        number += 1
        if not is_cell or not "".join(lines[number : number + 1]).startswith("# %%"):
            continue
        while number < len(lines) and lines[number].startswith("#"):
            lines[number] = re.sub("^# ?", "", lines[number])
            number += 1


def _percent(lines: list[str], marks: list[int]) -> Iterator[TextPiece]:
    for first, last in marked(lines, marks):
        mark = lines[first - 1]
        named = _KIND.search(mark)
        kind = named[1].replace("md", "markdown") if named else "code"
        if kind == "markdown" or not named:
            yield TextPiece("markdown" if named else "code", first, last, tags_in(mark))
        else:
            yield TextPiece("raw", first, last, tags_in(mark))


def _prompted(lines: list[str], first: int, last: int) -> Iterator[TextPiece]:
    """Yield a cell, and as another the comments behind it: nbconvert's form of Markdown."""
    end = last
    while end > first and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    begin = next((n for n in range(end, last) if not lines[n].strip()), end)
    if end == first:
        begin = first
    yield TextPiece("code", first, begin)
    yield TextPiece("markdown", begin, last)


def _light(lines: list[str]) -> Iterator[TextPiece]:
    """Yield what stands between marks; without any, comments alone in a paragraph are Markdown."""
    marks = [n for n, line in enumerate(lines) if _LIGHT.match(line)]
    pieces = [(0, marks[0]) if marks else (0, len(lines)), *marked(lines, marks)]
    for first, last in pieces:
        mark = lines[first - 1] if first else ""
        if mark and not _LIGHT_END.match(mark):
            yield TextPiece(
                "markdown" if _KIND.search(mark) else "code", first, last, tags_in(mark)
            )
            continue
        begin = at = first
        while at < last:
            end = at
            while end < last and lines[end].strip():
                end += 1
            after = next((line for line in lines[end : end + 20] if line.strip()), "")
            comments = all(line.startswith("#") for line in lines[at:end])
            if end > at and comments and not after[:1].isspace():
                yield TextPiece("code", begin, at)
                yield TextPiece("markdown", at, end)
                begin = end
            at = end + 1
        yield TextPiece("code", begin, last)


def _strings(lines: list[str]) -> Iterator[TextPiece]:
    """Yield code, and as Markdown the strings that stand at the left margin by themselves."""
    blank = [not line.strip() for line in (*lines, "")]
    ends = [n for n, line in enumerate(lines) if line.rstrip().endswith('"""') and blank[n + 1]]
    begin = at = 0
    while at < len(lines):
        if lines[at].startswith('"""') and (at == 0 or blank[at - 1] or lines[at - 1][:1] == "#"):
            one_line = lines[at].count('"""') > 1
            place = bisect_left(ends, at if one_line else at + 1)
            if place < len(ends) and (not one_line or ends[place] == at):
                yield TextPiece("code", begin, at)
                yield TextPiece("markdown", at, ends[place] + 1)
                begin = at = ends[place] + 1
                continue
        at += 1
    yield TextPiece("code", begin, len(lines))


def _without_calls(lines: list[str], piece: TextPiece) -> Iterator[TextPiece]:
    """Yield a piece of code, cut where a call holds a cell with its magic, as nbconvert writes."""
    begin = piece.first
    for number in range(piece.first, piece.last) if piece.kind == "code" else ():
        text = _called(lines[number]) if lines[number].startswith(_CELL_MAGIC) else None
        if text is not None:
            yield TextPiece("code", begin, number, piece.tags)
            yield TextPiece("code", number, number + 1, piece.tags, text)
            begin = number + 1
    yield TextPiece(piece.kind, begin, piece.last, piece.tags)


def _called(line: str) -> str | None:
    """Return the cell that a call of ``run_cell_magic`` runs, as it stood in the notebook."""
    if len(line) > _LONGEST_MAGIC:
        return None
    try:
        call = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    given = (
        [one.value for one in call.args if isinstance(one, ast.Constant)]
        if isinstance(call, ast.Call)
        else []
    )
    if len(given) != 3 or not all(isinstance(one, str) for one in given):
        return None
    name, options, body = map(str, given)
    return f"%%{name} {options}".rstrip() + f"\n{body}"
