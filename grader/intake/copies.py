"""The words that systems add to the name of a copy: ``mlp (1)``, ``Copy of mlp``, ``mlp-Copy1``."""

from __future__ import annotations

import re

# What browsers, Jupyter, Colab, Google Drive and file managers add.
_COPY = re.compile(r"(?i)^copy of |의 사본$|[ _]?\((\d+)\)$|-copy(\d*)$")


def without_copy_words(name: str) -> str:
    """Return the name of a copy's original; the name is one without its suffix."""
    return _COPY.sub("", name).strip()


def copy_number(name: str) -> int:
    """Return the number of a copy, 0 for one without a number, and -1 for a name of no copy."""
    found = _COPY.search(name)
    return int("0" + next(filter(None, found.groups()), "")[:9]) if found else -1
