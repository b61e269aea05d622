"""Words about images and labels, said of data that is neither: of rows and their targets."""

from __future__ import annotations

import re

_OF_ROWS = {"image": "row", "images": "rows", "label": "target", "labels": "targets"}
# A fact in braces keeps its name.
_WORD = re.compile(rf"\{{[^{{}}]*\}}|\b(?:{'|'.join(_OF_ROWS)})\b")


def of_rows(text: str) -> str:
    """Return a text, facts not filled in yet, that speaks of rows and targets."""
    return _WORD.sub(lambda found: _OF_ROWS.get(found[0], found[0]), text)
