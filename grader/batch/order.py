"""Which notebooks to begin with: what may take long, so that nobody waits for it in the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.intake import read_attempt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.classroom import Attempt
    from grader.intake import Archives

# A loop's first line, if it stands where a line of a notebook's JSON begins.
_WHILE = re.compile(rb'while\b[^"\\]*:')
_BEGINS = (b'"', rb"\n", rb"\t")
_SLEEPS = b"sleep("
_INDENT = 80


def long_first(attempts: Iterable[Attempt], archives: Archives) -> list[Attempt]:
    """Return the attempts, those first in which something may go on until its time is over.

    One endless loop takes as long as many notebooks, and whoever meets it last works alone.
    """
    return sorted(attempts, key=lambda attempt: not _may_take_long(attempt, archives))


def _may_take_long(attempt: Attempt, archives: Archives) -> bool:
    try:
        data = read_attempt(attempt, archives)
    except GraderError:  # told when it is that one's turn
        return False
    # Pictures make a notebook large: no pattern that is tried at each of their bytes.
    return _SLEEPS in data or any(
        data[max(0, found.start() - _INDENT) : found.start()].rstrip(b" ").endswith(_BEGINS)
        for found in _WHILE.finditer(data)
    )
