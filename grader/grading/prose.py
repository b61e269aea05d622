"""Tells a line of text from a line of code that Python cannot read."""

from __future__ import annotations

import keyword
import re
import unicodedata
from itertools import pairwise

_WORD = re.compile(r"[^\W\d]\w*|\d+")
# What no text has, but code: an operator, an index, a call, an attribute.
_CODE = re.compile(r"[=+\[\]{}/<>@%&|^~`$\\]|\w\(|\w\.\w")
_KEYWORDS = frozenset(keyword.kwlist)
_STOP = "."
_LEAST = 4


def reads_as_prose(line: str) -> bool:
    """Whether a line that does not parse reads as words of a language, and not as broken code.

    Two names side by side are no Python; that happens once where a comma is missing, and again and
    again in a text. Letters of another alphabet are hardly code where they come in several words.
    """
    text = line.partition("#")[0].strip()
    if _CODE.search(text):
        return False
    pieces = "".join(f" {_STOP} " if _is_punctuation(sign) else sign for sign in text).split()
    words = [piece for piece in pieces if piece != _STOP]
    if not words or not all(map(_WORD.fullmatch, words)):
        return False
    if any(not word.isascii() for word in words) and (len(words) > 1 or words[0] != text):
        return True
    apart = _KEYWORDS | {_STOP}
    side_by_side = sum(not {one, other} & apart for one, other in pairwise(pieces))
    if side_by_side > 1:
        return True
    return len(words) >= _LEAST and words[0] not in _KEYWORDS and side_by_side > 0


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign).startswith("P") and sign != "_"
