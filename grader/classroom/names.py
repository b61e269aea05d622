"""Safe file names made from students' ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# In a class's folder of results: the database, and everyone's annotated notebook.
DATABASE = "grades.db"
ANNOTATED = "annotated"

_MOST_BYTES = 80
# Windows reserves these for devices, with any suffix.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def file_name(student_id: str) -> str:
    """Return a file name without suffix: safe on every system, and different for every student.

    Letters of any script and digits stay. A changed id ends in six characters of its hash, so that
    no two share a file; so does an id with capitals, since some file systems ignore case.
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
