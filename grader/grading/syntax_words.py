"""Says what Python could not read: its own words, and more where the line shows more."""

from __future__ import annotations

import re

from grader.words import explain

_READ_AGAIN = "run this cell by itself; the mark shows what Python stumbled over"
_FENCE = re.compile(r"\s*(?:```|~~~)")
_FENCED = "a line of ``` is no Python: it marks code in a chat or in a text"
_PROMPT = re.compile(r"\s*>>>")
_PROMPTED = ">>> is no Python: it is the prompt of a Python console"
_BACKTICK = "a backtick ` is no Python"
_PLAIN = "invalid syntax"
# It would give the answer away.
_ANSWER = re.compile(r"[.,] maybe .*", re.IGNORECASE | re.DOTALL)


def syntax_words(message: str, line: str) -> tuple[str, str]:
    """Return what to say of a line that does not parse, and an advice.

    ``message`` is the parser's; its "Maybe you meant '=='?" would give an answer away.
    """
    text = message
    if message.startswith(_PLAIN) and _FENCE.match(line):
        text = _FENCED
    elif message.startswith(_PLAIN) and _PROMPT.match(line):
        text = _PROMPTED
    elif message.startswith(_PLAIN) and "`" in line.partition("#")[0]:
        text = _BACKTICK
    _, advice = explain({"type": "SyntaxError", "message": text})
    return _ANSWER.sub("", text).rstrip("?"), advice or _READ_AGAIN
