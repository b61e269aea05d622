"""Makes text that strangers wrote safe to show: file names, JSON keys, class names, errors."""

from __future__ import annotations

import re
import unicodedata

_CUT = "…"
_BAD = "\ufffd"
_OVER = "\ufffc"
# Whole escape sequences go, so that a red "x" reads x and not [31mx. An operating-system command
# (a window title, a link) goes only if it is terminated; else its ESC is replaced, its text stays.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^-~]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
# A letter of any script has fewer marks above and below it; hundreds cover the lines around it.
_MOST_MARKS = 4


def printable(text: str, limit: int, *, keep_lines: bool = False) -> str:
    """Return at most ``limit`` characters of ``text`` that any terminal or page can show.

    Terminal escape sequences are removed. Control characters, bidi overrides, unpaired surrogates
    and all other invisible characters become U+FFFD, and so do more combining marks than a letter
    can have. A run of white space becomes one space; with
    ``keep_lines``, line ends (of all kinds, as LF), tabs and spaces stay. A text that is cut ends
    in "…". Markup is not escaped: HTML and Rich have rules of their own.
    """
    # Text far behind the cut cannot show, and 50 MB of it must not take time.
    reach = 8 * limit + 256
    shown = _ESCAPES.sub("", text[:reach])
    shown = _LINE_ENDS.sub("\n", shown) if keep_lines else _SPACES.sub(" ", shown).strip()
    kept = "\n\t" if keep_lines else ""
    shown = shown if shown.isascii() else re.sub(f"{_OVER}+", _BAD, without_piles(shown))
    shown = "".join(_shown(character, kept) for character in shown[: limit + 1])
    if len(shown) > limit or len(text) > reach:
        return shown[: max(limit - 1, 0)] + _CUT[:limit]
    return shown


def without_piles(text: str) -> str:
    """Return a text of the same length with the fifth and later combining marks in a row replaced.

    They stand as U+FFFC, which takes a place of its own on the line.
    """
    if text.isascii():
        return text
    shown, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        shown.append(_OVER if run > _MOST_MARKS else character)
    return "".join(shown)


def _shown(character: str, kept: str) -> str:
    if character.isprintable() or character in kept:
        return character
    return " " if character.isspace() else _BAD
