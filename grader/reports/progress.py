"""Progress on stderr: one line for notebooks, counts and time left for a class."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.spinner import Spinner
from rich.text import Text

from grader.reports.notebook_output import erasable
from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from typing import TextIO

    from typing_extensions import Self

# Between lines in a log: often enough to see that it runs, rarely enough to read.
_LINE_SECONDS = 15.0
# The share of notebooks before which no time is estimated: the first ones wait for PyTorch and for
# runs that others share.
_FIRST = 0.05
_ORDER = ("graded", "kept", "unread", "failed")


class StatusLine:
    """A spinner with a text; shown only where it can be erased again.

    It is not shown if stderr is no terminal, the terminal is dumb, ``NO_COLOR`` is set, or a
    notebook shows what is printed.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Prepare the line on ``stream``, by default on stderr."""
        stream = stream or sys.stderr
        console = Console(file=stream, highlight=False)
        self._page = page_on(console)
        self._live: Live | None = None
        # With FORCE_COLOR rich takes a file for a terminal, so ask the stream itself.
        if erasable(stream) and self._page.coloured:
            style = "dots" if self._page.unicode else "line"
            self._spinner = Spinner(style, style="cyan")
            self._live = Live(
                self._spinner,
                console=console,
                transient=True,
                refresh_per_second=10,
                # stdout belongs to the report; rich would redirect it to stderr.
                redirect_stdout=False,
            )

    def __enter__(self) -> Self:
        """Show the line."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Erase the line, whatever happened."""
        if self._live is not None:
            self._live.stop()

    def step(self, text: str) -> None:
        """Show what happens now; the text may name a student's file."""
        if self._live is not None:
            words = self._page.one_line(text, self._page.width - 4)
            self._spinner.update(text=Text(words, style="dim", no_wrap=True))
            self._live.refresh()


class ClassProgress:
    """A bar on a terminal, else a line every ``_LINE_SECONDS``; use it as a context manager."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Prepare it on ``stream``, by default on stderr."""
        stream = stream or sys.stderr
        self._console = Console(file=stream, highlight=False)
        page = page_on(self._console)
        self._bar: Progress | None = None
        if erasable(stream) and page.coloured:
            self._bar = Progress(
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[said]}"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
                redirect_stdout=False,
            )
        self._counts: dict[str, int] = {}
        self._total = 0
        self._began = self._said = time.monotonic()

    def __enter__(self) -> Self:
        """Show it."""
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, said="starting PyTorch")
        return self

    def __exit__(self, *_error: object) -> None:
        """Erase the bar, whatever happened."""
        if self._bar is not None:
            self._bar.stop()

    @property
    def ended(self) -> int:
        """How many notebooks have ended, graded or not."""
        return sum(self._counts.values())

    def begin(self, total: int) -> None:
        """Show the number of notebooks."""
        self._total = total
        self._began = self._said = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, total=total)

    def done(self, ended: str) -> None:
        """Count one notebook; ``ended`` is one of ``_ORDER``."""
        self._counts[ended] = self._counts.get(ended, 0) + 1
        now = time.monotonic()
        words = self._words(now)
        if self._bar is not None:
            self._bar.update(self._task, advance=1, said=words)
        elif now - self._said > _LINE_SECONDS and self.ended < self._total:
            self._said = now
            line = f"{self.ended} of {self._total}: {words}{self._left(now)}"
            self._console.print(Text(line), soft_wrap=True)

    def _left(self, now: float) -> str:
        """Return the time left in words, nothing while it can't be estimated."""
        if self.ended < _FIRST * self._total:
            return ""
        left = (now - self._began) / self.ended * (self._total - self.ended)
        return f", about {left:.0f} s left" if left < 90 else f", about {left / 60:.0f} min left"

    def _words(self, now: float) -> str:
        counts = [f"{self._counts[name]} {name}" for name in _ORDER if name in self._counts]
        rate = self.ended / max(now - self._began, 1e-3)
        return f"{', '.join(counts)}, {rate:.1f} a second"
