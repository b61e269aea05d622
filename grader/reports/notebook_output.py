"""Tells whether a notebook shows what is printed: ``!grade`` runs on a terminal that isn't one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

# What ipykernel sets where Jupyter's own variable is missing, as in VS Code.
_SET_BY_IPYKERNEL = {"PAGER": "cat", "GIT_PAGER": "cat", "TERM": "xterm-color"}


def in_a_notebook() -> bool:
    """Whether this program was started by a notebook's kernel."""
    return "JPY_PARENT_PID" in os.environ or all(
        os.environ.get(name) == value for name, value in _SET_BY_IPYKERNEL.items()
    )


def erasable(stream: TextIO) -> bool:
    """Whether what is printed can be erased again: on a terminal, but not in a notebook's output.

    IPython runs ``!grade`` on a pseudo-terminal, and the page keeps every frame.
    """
    return stream.isatty() and not in_a_notebook()


def forced_by_a_kernel(stream: TextIO) -> bool:
    """Whether colours are asked for by ipykernel alone, where the stream goes to a file.

    Version 7 sets FORCE_COLOR for every program that a notebook starts.
    """
    return in_a_notebook() and not stream.isatty()
