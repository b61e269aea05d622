"""One line on stderr that says what is going on, and is gone when the report comes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

    from typing_extensions import Self


class StatusLine:
    """A spinner with a text; says nothing at all where it could not erase itself again.

    That is: stderr is not a terminal, the terminal is dumb, or ``NO_COLOR`` asks for plainness.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Prepare the line on ``stream``, by default on stderr."""
        stream = stream or sys.stderr
        console = Console(file=stream, highlight=False)
        self._page = page_on(console)
        self._live: Live | None = None
        # FORCE_COLOR makes rich take a file for a terminal, so the stream itself is asked.
        if stream.isatty() and self._page.coloured:
            style = "dots" if self._page.unicode else "line"
            self._spinner = Spinner(style, style="cyan")
            self._live = Live(
                self._spinner,
                console=console,
                transient=True,
                refresh_per_second=10,
                # stdout belongs to the report; rich would send it to stderr while this is shown.
                redirect_stdout=False,
            )

    def __enter__(self) -> Self:
        """Show the line."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Erase the line, whatever happened."""
        if self._live is not None:
            self._live.stop()

    def step(self, text: str) -> None:
        """Say what happens now; the text may name a student's file."""
        if self._live is not None:
            words = self._page.one_line(text, self._page.width - 4)
            self._spinner.update(text=Text(words, style="dim", no_wrap=True))
            self._live.refresh()
