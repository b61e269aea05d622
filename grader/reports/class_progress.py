"""How far a batch is, on stderr: counts, rate and time left; lines now and then if it's a file."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

    from typing_extensions import Self

# Where no line can be drawn over: often enough to see that it lives, rarely enough for a log.
_LINE_SECONDS = 15.0
# The first notebooks wait for PyTorch and for runs that the others share: no measure of the rest.
_FIRST = 0.05
_ORDER = ("graded", "kept", "unread", "failed")


class ClassProgress:
    """A bar on a terminal, else a line every so often; use it as a context manager."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Prepare it on ``stream``, by default on stderr."""
        stream = stream or sys.stderr
        self._console = Console(file=stream, highlight=False)
        page = page_on(self._console)
        self._bar: Progress | None = None
        if stream.isatty() and page.coloured:
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Erase the bar, whatever happened."""
        if self._bar is not None:
            self._bar.stop()

    @property
    def ended(self) -> int:
        """How many notebooks have ended, one way or another."""
        return sum(self._counts.values())

    def begin(self, total: int) -> None:
        """Show how many there are."""
        self._total = total
        self._began = self._said = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, total=total)

    def done(self, ended: str) -> None:
        """Count one notebook."""
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
        """Return how long the rest may take, once that can be said."""
        if self.ended < _FIRST * self._total:
            return ""
        left = (now - self._began) / self.ended * (self._total - self.ended)
        return f", about {left:.0f} s left" if left < 90 else f", about {left / 60:.0f} min left"

    def _words(self, now: float) -> str:
        counts = [f"{self._counts[name]} {name}" for name in _ORDER if name in self._counts]
        rate = self.ended / max(now - self._began, 1e-3)
        return f"{', '.join(counts)}, {rate:.1f} a second"
