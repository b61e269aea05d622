"""Loads and unloads the IPython extension: one magic a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.jupyter.magic import GradeMagic

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_loaded: list[GradeMagic] = []


def load(shell: InteractiveShell) -> None:
    """Add the magic to a session."""
    unload()
    _loaded.append(GradeMagic(shell))


def unload() -> None:
    """Take it back, and end the grader's process."""
    while _loaded:
        _loaded.pop().close()
