"""A page of plain lines: how wide it is, which signs its stream can show, in colour or not.

All text goes through ``Page.safe``: a student's strings (code, exceptions, file names) reach the
terminal as visible characters and never as markup, terminal commands or reordered lines.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from grader.reports.ci import inert
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

NARROWEST, WIDEST = 40, 100
TAB = "    "
MOST_LINES = 14  # of one paragraph: an exception's text can be a page long


@dataclass(frozen=True)
class Signs:
    """The few characters of ours that are not ASCII, and what stands for them elsewhere."""

    bar: str = "│"
    dot: str = "·"
    more: str = "…"


ASCII = Signs(bar="|", dot="-", more="...")

# Typography of our own sentences. A student's code is never rewritten like this: it is escaped.
_PLAIN = str.maketrans(
    {"…": "...", "·": "-", "→": "->", "≈": "~", "≤": "<=", "≥": ">="}
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | dict.fromkeys("\u2013\u2014", "-")
    | {"\u00d7": "x"}
)


@dataclass(frozen=True)
class Page:
    """Where a report is written; made by ``page_on``."""

    console: Console
    width: int
    encoding: str
    signs: Signs
    coloured: bool

    @property
    def unicode(self) -> bool:
        """Whether the stream takes any character."""
        return self.signs is not ASCII

    def safe(self, text: str, limit: int = 300) -> str:
        """Return text as one line, with nothing in it that a terminal would obey."""
        return self._encodable(printable(text, limit))

    def code(self, character: str) -> str:
        """Return a character of a student's code: escaped, not left out, if it can't be seen.

        A no-break space or a reversed reading order is what the student has to find there.
        """
        if character == "\t":
            return TAB
        if not character.isprintable():
            character = character.encode("unicode_escape").decode("ascii")
        return character.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def words(self, text: str, limit: int = 1500) -> list[str]:
        """Return the lines of a text of ours, which may quote a student's."""
        shown = self._encodable(printable(text.strip(), limit, keep_lines=True))
        lines = shown.replace("\t", TAB).split("\n")
        return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], self.signs.more]

    def folded(self, text: str, room: int, most: int = 3) -> list[str]:
        """Return a text of ours as lines of so many cells; the last one is cut if need be."""
        line = self.safe(text)
        lines = list(self._folded([line], room))
        if len(lines) <= most:
            return lines
        rest = " ".join(lines[most - 1 :])
        return [*lines[: most - 1], self.one_line(rest, room)]

    def one_line(self, text: str, room: int) -> str:
        """Return what fits of a text of ours into so many cells, cut between words if it can."""
        line = self.safe(text)
        if cell_len(line) <= room:
            return line
        kept = set_cell_size(line, max(0, room - cell_len(self.signs.more)))
        whole_words = kept.rpartition(" ")[0]
        if 3 * cell_len(whole_words) >= 2 * room:
            kept = whole_words
        return kept.rstrip(" ,;:") + self.signs.more

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line made of texts, each alone or with its style; the terminal may fold it."""
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(words, style if self.coloured else "")
        text.rstrip()
        if inert(text.plain) != text.plain:
            text = Text(inert(text.plain))
        self.console.print(text, soft_wrap=True)

    def paragraph(self, text: str, lead: str = "", style: str = "", limit: int = 1500) -> None:
        """Print a text two cells in, folded; ``lead`` (as in "hint: ") hangs in front of it."""
        if not text.strip():
            return
        hang = " " * cell_len(lead)
        for line in self._folded(self.words(text, limit), self.width - 2 - len(hang)):
            self.line("  ", (lead, "bold cyan" if lead.strip() else ""), (line, style))
            lead = hang

    def _encodable(self, text: str) -> str:
        plain = text if self.unicode else text.translate(_PLAIN)
        return plain.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def _folded(self, lines: Iterable[str], room: int) -> Iterable[str]:
        for line in lines:
            for folded in Text(line).wrap(self.console, room) or [Text("")]:
                yield folded.plain.rstrip()


def page_on(console: Console) -> Page:
    """Return the page for a console: ASCII where the stream is not UTF-8, no style unasked."""
    encoding = console.encoding or "utf-8"
    try:
        unicode = codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        encoding, unicode = "ascii", False
    return Page(
        console=console,
        width=max(NARROWEST, min(console.width, WIDEST)),
        encoding=encoding,
        signs=Signs() if unicode else ASCII,
        # Rich keeps bold and dim under NO_COLOR; plain means plain here.
        coloured=console.color_system is not None and not console.no_color,
    )
