"""Which notebooks to begin with: what may take long, so that nobody waits for it in the end."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from grader.intake import read_attempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.classroom import Attempt
    from grader.intake import Archives

_WHILE, _SLEEPS = b"while", b"sleep("
# Where a line of code may begin in a notebook's JSON, and characters that end it.
_BEGINS = (b'"', rb"\n", rb"\t")
_HEAD = re.compile(rb'[^\w"\\][^"\\]{0,200}:|:')
_INDENT = 80
# No notebook has so many; a hostile one would have the search go on and on.
_MOST = 1000


def long_first(attempts: Iterable[Attempt], archives: Archives) -> list[Attempt]:
    """Return the attempts, those first in which something may go on until its time is over.

    One endless loop takes as long as many notebooks, and whoever meets it last works alone.
    """
    return sorted(attempts, key=lambda attempt: not _may_take_long(attempt, archives))


def _may_take_long(attempt: Attempt, archives: Archives) -> bool:
    try:
        data = read_attempt(attempt, archives)
    except Exception:  # noqa: BLE001 - whatever it is, it is told when it is that one's turn
        return False
    return _SLEEPS in data or any(
        data[max(0, place - _INDENT) : place].rstrip(b" ").endswith(_BEGINS)
        and _HEAD.match(data, place + len(_WHILE))
        for place in islice(_places(data, _WHILE), _MOST)
    )


def _places(data: bytes, word: bytes) -> Iterator[int]:
    """Yield where a word stands; a pattern would be tried at each byte of every picture."""
    place = data.find(word)
    while place >= 0:
        yield place
        place = data.find(word, place + 1)
