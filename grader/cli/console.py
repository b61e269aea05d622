"""The console that reports are printed on."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class _Console(Console):
    """Rich's console, but a closed pipe stays an exception: rich would exit with status 1."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise again what rich has caught."""
        raise BrokenPipeError


def report_console() -> Console:
    """Return the console that reports are printed on."""
    return _Console(highlight=False, markup=False, emoji=False)
