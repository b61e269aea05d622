"""Names characters that Python does not know, and the ones that they look like."""

from __future__ import annotations

import unicodedata

# A piece of a character's name, and the character of Python's that it is taken for.
_TAKEN_FOR = {
    "SINGLE": "'",
    "QUOTATION MARK": '"',
    "DASH": "-",
    "MINUS SIGN": "-",
    "HYPHEN": "-",
    "MULTIPLICATION SIGN": "*",
    "ASTERISK OPERATOR": "*",
    "DIVISION SIGN": "/",
    "NOT EQUAL TO": "!=",
    "LESS-THAN OR EQUAL TO": "<=",
    "GREATER-THAN OR EQUAL TO": ">=",
    "IDEOGRAPHIC COMMA": ",",
    "IDEOGRAPHIC FULL STOP": ".",
}


def named_character(sign: str) -> str:
    """Return the name of a character: ``a no-break space``, ``a fullwidth comma``."""
    name = unicodedata.name(sign, "character without a name").lower()
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def seeming(sign: str) -> str:
    """Return what to do about a character that can be seen; an empty text for another one."""
    if not sign.isprintable() or sign.isspace():
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    if not plain.isascii():
        name = unicodedata.name(sign, "")
        plain = next((taken for piece, taken in _TAKEN_FOR.items() if piece in name), "")
    if not plain:
        return "no line of code has it: delete it"
    return f"it only looks like {plain} : delete it and type it anew, with an English keyboard"
