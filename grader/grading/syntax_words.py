"""Says what Python could not read: its own words, and more where the line shows more."""

from __future__ import annotations

import re

from grader.grading.foreign_characters import named_character, seeming
from grader.grading.prose import reads_as_prose
from grader.locate.texts import CONFLICT, MARKS
from grader.words import explain

_READ_AGAIN = "run this cell by itself; the mark shows what Python stumbled over"
_PLAIN = "invalid syntax"
_PROSE = "it reads as a text, not as code"
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"|#.*")
# What a line shows whatever the parser says of it, and what it shows of a plain "invalid syntax".
_LINES = (
    (r"\s*(```|~~~)", "a line of {found} is no Python: it marks code in a chat or in a text"),
    (
        r"\s*(%%\w+)",
        "{found} has to be the first line of its cell: Jupyter stops here, and runs nothing below",
    ),
    (r"\s*(>>>)", "{found} is no Python: it is the prompt of a Python console"),
    (r"\s*(In ?\[\d*\]:)", "{found} is no Python: it is the prompt of a notebook"),
)
_FOREIGN = (
    (r"(`)", "a backtick {found} is no Python"),
    (r"(&&|\|\||={3}|!==|\+\+|!(?!=))", "{found} is no operator of Python's"),
    (r"^\s*(\$)", "{found} is no Python: it is the prompt of a shell"),
    (r"(\?)$", "{found} at a line's end is no Python: it asks Jupyter for help"),
    (r"\b(else +if)\b", "{found} is no Python: it has one word for both"),
)
_TWO_VALUES = re.compile(r"[\w.]+ *; *[\w.]+,?")
_SEMICOLON = "a semicolon ; ends a statement, and this one stands between brackets"
# A line of these is out of place, whatever stands in it.
_OF_PLACE = re.compile(r".*indent|.* was never closed|unmatched|closing parenthesis|Missing paren")
# It would give the answer away, or is said elsewhere.
_CUT = re.compile(r"(?is)[.,] maybe .*|[.] did you mean .*| \(detected at line \d+\)")
_CHARACTER = re.compile(r"(invalid (?:non-printable )?character .*U\+([0-9A-F]{4,6}))(\)?)$")


def syntax_words(message: str, line: str) -> tuple[str, str]:
    """Return what to say of a line that does not parse, and an advice.

    ``message`` is the parser's; its "Maybe you meant '=='?" would give an answer away.
    """
    text = _seen(message, line)
    advice = explain({"type": "SyntaxError", "message": text})[1] or _READ_AGAIN
    character = _CHARACTER.match(text)
    if character is not None:
        sign = chr(int(character[2], 16))
        text = f"{character[1]}, {named_character(sign)}{character[3]}"
        advice = seeming(sign) or advice
    return _CUT.sub("", text).rstrip("?"), advice


def _seen(message: str, line: str) -> str:
    """Return what the line shows of the reason, or else what the parser says."""
    if MARKS.fullmatch(line.rstrip()):
        return CONFLICT
    for pattern, words in _LINES:
        if found := re.match(pattern, line):
            return words.format(found=found[1])
    if _OF_PLACE.match(message):
        return message
    if reads_as_prose(line):
        return _PROSE
    if message.startswith((_PLAIN, "expected ':'")):
        code = _STRINGS.sub("", line).strip()
        if _within_brackets(code):
            return _SEMICOLON
        for pattern, words in _FOREIGN:
            if found := re.search(pattern, code):
                return words.format(found=found[1])
    return message


def _within_brackets(code: str) -> bool:
    """Whether a semicolon of a line that does not parse stands between brackets.

    They are open in that line, or it holds two values and nothing that would be wrong elsewhere.
    """
    before, semicolon, _ = code.partition(";")
    still_open = sum(map(before.count, "([{")) > sum(map(before.count, ")]}"))
    return bool(semicolon) and (still_open or _TWO_VALUES.fullmatch(code) is not None)
