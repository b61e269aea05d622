"""The digest in a page's last line, by which an unchanged page is not made again.

A page takes some ten milliseconds, which add up in a class of hundreds when the same command runs
again for one late notebook.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# In the metadata of an annotated notebook: no file without it is ever replaced.
NOTEBOOK_MARK = {"grader": {"annotated": True}}
_MARK = re.compile(rb"<!-- made from [0-9a-f]{32} -->\n\Z")
_LENGTH = len("<!-- made from  -->\n") + 32


def mark(*made_from: object) -> str:
    """Return the line for a page's input: dataclasses, and plain data with a stable ``repr``."""
    text = repr(_whole(made_from)).encode("utf-8", "surrogatepass")
    return f"<!-- made from {hashlib.sha256(text).hexdigest()[:32]} -->\n"


def _whole(value: object) -> object:
    """Return all that a value holds as plain data; what it is shown as may leave some out."""
    if is_dataclass(value) and not isinstance(value, type):
        held = [(one.name, _whole(getattr(value, one.name))) for one in fields(value)]
        return type(value).__name__, held
    if isinstance(value, Mapping):
        return [(_whole(key), _whole(held)) for key, held in value.items()]
    if isinstance(value, (list, tuple)):
        return [_whole(one) for one in value]
    return value


def mark_of(page: Path) -> str | None:
    """Return a page's last line, ``None`` if it is not one of our pages or can't be read."""
    try:
        with page.open("rb") as file:
            file.seek(-_LENGTH, 2)
            end = file.read()
    except (OSError, ValueError):  # not there, too short, a folder
        return None
    return end.decode() if _MARK.fullmatch(end) else None
