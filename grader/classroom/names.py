"""File names made from what strangers call themselves."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_MOST_BYTES = 80
# Windows keeps these for devices, whatever follows the dot.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def file_name(student_id: str) -> str:
    """Return a file's name (without a suffix) for a student: safe anywhere, one a student.

    Letters of any script and digits stay. An id that had to be changed ends in six characters of
    its hash, so that no two of them share a file; so does one with capitals, since some file
    systems do not tell them apart.
    """
    text = unicodedata.normalize("NFC", student_id)
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in text).lstrip(".-").rstrip(".")
    while len(kept.encode("utf-8", "replace")) > _MOST_BYTES:
        kept = kept[:-1]
    reserved = _RESERVED.match(kept)
    if kept and kept == student_id == student_id.casefold() and not reserved:
        return kept
    mark = hashlib.sha256(student_id.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{'student' if reserved or not kept else kept}-{mark}"
