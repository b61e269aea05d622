"""Makes untrusted text safe to show: file names, JSON keys, class names, errors."""

from __future__ import annotations

import re

_CUT = "…"
_BAD = "\ufffd"
# Whole escape sequences are removed, so that a red "x" reads x and not [31mx. An operating-system
# command (a window title, a link) counts only with its end; without it only the ESC is replaced.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^-~]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def printable(text: str, limit: int, *, keep_lines: bool = False) -> str:
    """Return at most ``limit`` characters of ``text`` that any terminal or page can show.

    Terminal escape sequences are removed. Control characters, bidi overrides, unpaired surrogates
    and all other invisible characters become U+FFFD. Runs of white space become one space; with
    ``keep_lines``, line ends (all kinds, as LF), tabs and spaces stay. A text that is cut ends in
    "…". Markup for HTML or Rich is not escaped.
    """
    # Text far beyond the cut is not looked at, so that 50 MB cost nothing.
    reach = 8 * limit + 256
    shown = _ESCAPES.sub("", text[:reach])
    shown = _LINE_ENDS.sub("\n", shown) if keep_lines else _SPACES.sub(" ", shown).strip()
    kept = "\n\t" if keep_lines else ""
    shown = "".join(_shown(character, kept) for character in shown[: limit + 1])
    if len(shown) > limit or len(text) > reach:
        return shown[: max(limit - 1, 0)] + _CUT[:limit]
    return shown


def _shown(character: str, kept: str) -> str:
    if character.isprintable() or character in kept:
        return character
    return " " if character.isspace() else _BAD
