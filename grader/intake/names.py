"""Decodes, cleans and classifies file names from any system and in any encoding."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from grader.notebook.text import without_ending

# A letter, or a mark of the scripts that write vowels as marks ("ชื่อ", "नाम"): for ``re`` these are
# no letters.
LETTER = r"(?:[^\W\d_]|[^\w\u0000-\u02ff\u2000-\U0010ffff])"
_WORD_AND_DIGITS = re.compile(r"(\D*)(\d*)")
# Browsers add a suffix to files that they take for text.
_NOTEBOOK = re.compile(r"(?i)\.ipynb(\.txt|\.json)?$")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_SKIPPED_FOLDERS = frozenset({"__MACOSX", "__pycache__", "node_modules", "site-packages"})
# The two bytes of a common Korean syllable. In cp437 the first is a box-drawing character, which
# nobody writes into a name; cp949's other byte pairs would turn "é" into a syllable.
_COMMON_SYLLABLE = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")

NaturalKey = tuple[tuple[tuple[str, int, str], ...], str]


def clean(text: str) -> str:
    """Return ``text`` in NFC (macOS writes NFD) and encodable; it may still be hostile.

    Different undecodable bytes stay different, since they may be two students' names.
    """
    return unicodedata.normalize("NFC", text).encode("utf-8", "backslashreplace").decode()


def natural(text: str) -> NaturalKey:
    """Return a sort key under which ``hw2`` comes before ``hw10``."""
    key = []
    for word, digits in _WORD_AND_DIGITS.findall(text):
        number = digits.lstrip("0")
        # By length and then as text: int() refuses the longest numbers.
        key.append((word.casefold(), len(number), number))
    return tuple(key), text


def letters(text: str) -> str:
    """Return only the letters and digits of a name, in lower case, to compare spellings."""
    return "".join(c for c in clean(text).casefold() if c.isalnum())


def is_notebook(name: str) -> bool:
    """Whether a file of this name should be a notebook."""
    return bool(_NOTEBOOK.search(name))


def is_zip(name: str) -> bool:
    """Whether a file of this name should be a zip archive."""
    return name.casefold().endswith(".zip")


def stem(name: str) -> str:
    """Return a notebook's, a text's or a zip's name without its suffix; others unchanged."""
    short = _NOTEBOOK.sub("", name)
    if short != name:
        return short
    return name[:-4] if is_zip(name) else without_ending(name)


def is_skipped_folder(name: str) -> bool:
    """Whether a folder of this name holds no submissions."""
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def is_skipped_file(name: str) -> bool:
    """Whether a program, not a person, made a file of this name."""
    return name.startswith(".") or name.endswith("-checkpoint.ipynb")


def decode(raw: bytes, fallback: str) -> str:
    """Return text of an unknown encoding: UTF-8, Korean Windows' cp949, or ``fallback``."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _COMMON_SYLLABLE.search(raw):
        try:
            return raw.decode("cp949")
        except UnicodeDecodeError:
            pass
    return raw.decode(fallback, "replace")


def folders_to(path: Path) -> tuple[str, ...]:
    """Return the names of ``path``'s folders and its own, without resolving links."""
    return tuple(clean(part) for part in Path(os.path.abspath(path)).parts[1:])  # noqa: PTH100


def member_parts(name: str) -> tuple[str, ...] | None:
    """Return a member's folders and file name, None if the name leads out of the archive."""
    if name.startswith("/") or _DRIVE.match(name):
        return None
    parts = tuple(clean(part) for part in name.split("/") if part not in {"", "."})
    return None if ".." in parts else parts
