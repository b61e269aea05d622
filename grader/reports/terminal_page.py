"""A page of lines on the terminal, which knows its width, character set and colours.

A student's strings (code, exceptions, file names) reach the terminal as visible characters, never
as markup, escape sequences or reordered text.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from grader.quoting import MARK
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
    """Our few characters that are not ASCII, or their replacements."""

    bar: str = "│"
    dot: str = "·"
    more: str = "…"


ASCII = Signs(bar="|", dot="-", more="...")

# ASCII replacements in our own sentences. A student's code is escaped instead.
_PLAIN = str.maketrans(
    {"…": "...", "·": "-", "→": "->", "≈": "~", "≤": "<=", "≥": ">="}
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | dict.fromkeys("\u2013\u2014", "-")
    | {"\u00d7": "x"}
)


@dataclass(frozen=True)
class Page:
    """Prints a report's lines on a console; made by ``page_on``."""

    console: Console
    width: int
    encoding: str
    signs: Signs
    coloured: bool

    @property
    def unicode(self) -> bool:
        """Whether the stream can show any character."""
        return self.signs is not ASCII

    def safe(self, text: str, limit: int = 300) -> str:
        """Return text as one line, without control characters."""
        return self._encodable(printable(text, limit))

    def code(self, character: str) -> str:
        """Return a character of a student's code, escaped if it is invisible.

        The student has to see a no-break space or a bidi override.
        """
        if character == "\t":
            return TAB
        if not character.isprintable():
            character = character.encode("unicode_escape").decode("ascii")
        return character.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def words(self, text: str, limit: int = 1500) -> list[str]:
        """Return the lines of one of our texts, which may quote a student's."""
        shown = self._encodable(printable(text.strip(), limit, keep_lines=True))
        lines = shown.replace("\t", TAB).split("\n")
        return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], self.signs.more]

    def folded(self, text: str, room: int, most: int = 3) -> list[str]:
        """Return a text as at most ``most`` lines of ``room`` cells; the last one may be cut."""
        line = self.safe(text)
        lines = list(self._folded([line], room))
        if len(lines) <= most:
            return lines
        rest = " ".join(lines[most - 1 :])
        return [*lines[: most - 1], self.one_line(rest, room)]

    def one_line(self, text: str, room: int) -> str:
        """Return a text cut to ``room`` cells, between words if possible."""
        line = self.safe(text)
        if cell_len(line) <= room:
            return line
        kept = set_cell_size(line, max(0, room - cell_len(self.signs.more)))
        whole_words = kept.rpartition(" ")[0]
        if 3 * cell_len(whole_words) >= 2 * room:
            kept = whole_words
        return kept.rstrip(" ,;:") + self.signs.more

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line of texts, each plain or with a style; the terminal may wrap it."""
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(words, style if self.coloured else "")
        text.rstrip()
        if inert(text.plain) != text.plain:
            text = Text(inert(text.plain))
        self.console.print(text, soft_wrap=True)

    def paragraph(self, text: str, lead: str = "", style: str = "", limit: int = 1500) -> None:
        """Print a text wrapped and indented by two cells, with a hanging ``lead`` ("hint: ")."""
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
            mark = MARK if line.startswith(MARK) else ""
            rest = Text(line.removeprefix(mark))
            for folded in rest.wrap(self.console, room - len(mark)) or [Text("")]:
                yield f"{mark}{folded.plain}".rstrip()


def page_on(console: Console) -> Page:
    """Return a console's page: ASCII if the stream is not UTF-8, styles only where wanted."""
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
        # Under NO_COLOR rich keeps bold and dim; we drop them.
        coloured=console.color_system is not None and not console.no_color,
    )
