"""A cell's code in Jupyter's colours, line by line, with the marked columns apart.

nbconvert colours code with Pygments, IPython's lexer and JupyterLab's style. The same three are
used here without nbconvert itself: its pages have no room between two lines for a note, and to
import it takes longer than to write a hundred pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ipython_pygments_lexers import IPython3Lexer  # type: ignore[import-untyped]
from jupyterlab_pygments import JupyterStyle  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from grader.text import without_piles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ODD = "odd"  # the class of a character that cannot be seen and is spelled out

LONGEST = 300  # characters of a line that are shown; a minified line can have a million
_MOST_COLOURED = 20_000  # characters; what is longer is shown in one colour
_MOST_WITH_MAGICS = 8_000  # IPython's rules look ahead over white space again and again
_MAGICS = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[%!]\w", re.MULTILINE)
_DEEPEST = 24
TAB = 4  # as wide as Jupyter shows it
_BEFORE = 60  # characters kept in front of a mark that lies beyond the edge
_MORE = "…"


@dataclass(frozen=True)
class Piece:
    """Characters of one colour: ``kind`` is Pygments' short class, or ``ODD``."""

    kind: str
    text: str
    marked: bool = False


@dataclass(frozen=True)
class CodeLine:
    """A line of a cell, numbered from 1.

    ``margin`` is its white space and the first character behind: no browser should break a line
    between the two. ``indent`` is how wide the white space is, in whole tabs: what goes on below
    itself begins there, and tabs end where they should.
    """

    number: int
    indent: int
    margin: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


Spans = Mapping[int, Sequence[tuple[int, int]]]
Tokens = tuple[tuple[tuple[str, str], ...], ...]


def coloured(lines: Sequence[tuple[int, str]], spans: Spans | None = None) -> list[CodeLine]:
    """Return numbered lines in colour; ``spans`` holds the columns to mark, by a line's number.

    The spans are half-open and count characters from 0; one that begins at the end of its line
    (a missing bracket) marks one empty place there.
    """
    marks = spans or {}
    shown = [_window(text, marks.get(number, ())) for number, text in lines]
    colours = _tokens("\n".join(text for text, _ in shown))
    return [
        _line(number, text, list(_pieces(tokens, inside)))
        for (number, _), tokens, (text, inside) in zip(lines, colours, shown, strict=True)
    ]


@cache
def style_sheet() -> str:
    """Return JupyterLab's rules for Pygments' classes, and one for each ``CodeLine.indent``."""
    rules = HtmlFormatter(style=JupyterStyle).get_style_defs(".highlight").splitlines()
    kinds = [rule for rule in rules if rule.startswith(".highlight .") and "{ color" in rule]
    indents = [f".in{n} {{ --indent: {n}ch }}" for n in range(TAB, _DEEPEST + 1, TAB)]
    return "\n".join([*kinds, *indents, ""])


def _line(number: int, text: str, pieces: list[Piece]) -> CodeLine:
    white = text[: len(text) - len(text.lstrip(" \t"))]
    width = len(white.expandtabs(TAB)) // TAB * TAB
    margin: list[Piece] = []
    # White space that is wider than a phone has to break somewhere.
    room = len(white) + 1 if white and width <= _DEEPEST else 0
    while pieces and room:
        first = pieces.pop(0)
        if len(first.text) > room and first.kind != ODD:
            pieces.insert(0, replace(first, text=first.text[room:]))
            first = replace(first, text=first.text[:room])
        margin.append(first)
        room = max(0, room - len(first.text))
    return CodeLine(number, min(width, _DEEPEST), tuple(margin), tuple(pieces))


def _window(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a line to what is shown of it, so that its first mark is seen; move the marks along."""
    length = len(text)
    wanted = sorted((min(start, length), min(max(end, start + 1), length)) for start, end in spans)
    first = 0
    if length > LONGEST and wanted and wanted[0][0] > LONGEST - _BEFORE:
        first = wanted[0][0] - _BEFORE
    left = _MORE if first else ""
    right = _MORE if length > first + LONGEST else ""
    moved = len(left) - first
    shown = left + text[first : first + LONGEST] + right
    inside = [(s + moved, min(e + moved, len(shown))) for s, e in wanted if s + moved < len(shown)]
    if any(start == length for start, _ in wanted) and not right:
        inside.append((len(shown), len(shown)))
    return shown, tuple(inside)


def _tokens(text: str) -> Tokens:
    if len(text) > _MOST_COLOURED:
        return tuple((("", line),) for line in text.split("\n"))
    return _lexed(text)


@lru_cache(maxsize=512)  # a class shares most of its lines
def _lexed(text: str) -> Tokens:
    """Return (class, characters) for each line. No character is added, lost or changed."""
    magics = len(text) <= _MOST_WITH_MAGICS and _MAGICS.search(text)
    lexer = _ipython() if magics else _python()
    lines: list[list[tuple[str, str]]] = [[]]
    # Not get_tokens: it drops blank lines and byte order marks, and columns would move.
    for _, token, value in lexer.get_tokens_unprocessed(text + "\n"):
        kind = _kind(token)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
            line = lines[-1]
            if line and line[-1][0] == kind:
                line[-1] = (kind, line[-1][1] + part)
            elif part:
                line.append((kind, part))
    return tuple(tuple(line) for line in lines[:-1])


@cache
def _kind(token: Any) -> str:
    """Return Pygments' short class of a token: that of its nearest ancestor with a class."""
    return str(STANDARD_TYPES[token]) if token in STANDARD_TYPES else _kind(token.parent)


@cache
def _python() -> PythonLexer:
    return PythonLexer()


@cache
def _ipython() -> IPython3Lexer:
    return IPython3Lexer()


def _pieces(tokens: Iterable[tuple[str, str]], spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    column = 0
    for kind, text in tokens:
        end = column + len(text)
        cuts = {c for span in spans for c in span if column < c < end}
        edges = [column, *sorted(cuts), end]
        for start, stop in pairwise(edges):
            marked = any(s <= start and stop <= e for s, e in spans)
            yield from _visible(kind, text[start - column : stop - column], marked)
        column = end
    if any(start >= column for start, _ in spans):
        yield Piece("", " ", marked=True)


def _visible(kind: str, text: str, marked: bool) -> Iterator[Piece]:
    """Spell out what cannot be seen: a no-break space may be the very thing to find."""
    text = without_piles(text)
    if text.isprintable():
        yield Piece(kind, text, marked)
        return
    start = 0
    for position, character in enumerate(text):
        if character.isprintable() or character == "\t":
            continue
        if position > start:
            yield Piece(kind, text[start:position], marked)
        yield Piece(ODD, character.encode("unicode_escape").decode("ascii"), marked)
        start = position + 1
    if start < len(text):
        yield Piece(kind, text[start:], marked)
