"""Writes Python that only newer versions read in words that this one reads, line for line.

A notebook that runs for its student must not fail for the version that grades it. What newer
versions added and students write can be said in older words: an f-string is a call of ``format``,
type parameters only serve type checkers, ``except A, B:`` means ``except (A, B):``.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from grader.notebook.formatted_strings import with_format_calls
from grader.notebook.scan import line_states

Version = tuple[int, int]

_FORMATTED, _TEMPLATES, _LAZY_IMPORTS = (3, 12), (3, 14), (3, 15)
_LONGEST = 2_000  # characters of a line: the patterns go back over it again and again
# What Python says of code that later versions read and no older words are made of, with the last
# version that does not read it.
LATER = {
    "iterable unpacking cannot be used in comprehension": (3, 14),
    "dict unpacking cannot be used in dict comprehension": (3, 14),
}
_EXCEPT = re.compile(r"(\s*except\*?)\s+(?!.*\bas\b)([^#:()]+,[^#:()]*?)\s*:")
_PARAMETERS = re.compile(r"(\s*(?:async\s+)?(?:def|class)\s+\w+\s*)\[")
_ALIAS = re.compile(r"(\s*)type\s+(\w+)\s*(?:\[[^\]]*\])?\s*=(?!=)")
_LAZY = re.compile(r"(\s*)lazy\s+(import|from)\b")
_VERSION = re.compile(r"(\d)\.(\d{1,2})\b")


def version_of(content: dict[str, Any]) -> Version | None:
    """Return the Python version that a notebook's metadata name, ``None`` if they name none."""
    about: Any = content
    for key in ("metadata", "language_info"):
        about = about.get(key) if isinstance(about, dict) else None
    text = about.get("version") if isinstance(about, dict) else None
    found = _VERSION.match(text) if isinstance(text, str) else None
    return (int(found[1]), int(found[2])) if found else None


def may_be_newer(message: str, version: Version | None) -> bool:
    """Say whether a syntax error may be due to this Python's age; ``version`` is the notebook's.

    ``in_older_words`` knows what newer versions read. What is left are f-strings that it could not
    rewrite, code that has no older words, and versions that are not known yet.
    """
    if version is not None and version <= sys.version_info[:2]:
        return False
    if version is not None and version > _LAZY_IMPORTS:
        return True
    return message in LATER or message.startswith(("f-string", "t-string"))


def in_older_words(source: str, version: Version | None) -> str:
    """Return the text without what is newer than this Python and known to the notebook's.

    ``version`` is the notebook's; without one all that is newer may stand in it. A text without
    any of it is returned as it is.
    """
    if version is None or version >= _FORMATTED:
        source = with_format_calls(source, "ft" if (version or _TEMPLATES) >= _TEMPLATES else "f")
        source = _by_line(source, _without_parameters)
    if version is None or version >= _TEMPLATES:
        source = _by_line(source, lambda line: _EXCEPT.sub(r"\1 (\2):", line, count=1))
    if version is None or version >= _LAZY_IMPORTS:
        source = _by_line(source, lambda line: _LAZY.sub(r"\1\2", line, count=1))
    return source


def _by_line(source: str, change: Any) -> str:
    """Change the lines that begin outside strings."""
    lines = source.split("\n")
    states = line_states(source)
    return "\n".join(
        line if state.quote or len(line) > _LONGEST else change(line)
        for line, state in zip(lines, states, strict=True)
    )


def _without_parameters(line: str) -> str:
    found = _PARAMETERS.match(line)
    if found is None:
        return _ALIAS.sub(r"\1\2 =", line, count=1)
    depth = 0
    for at in range(found.end() - 1, len(line)):
        depth += (line[at] == "[") - (line[at] == "]")
        if depth == 0:
            return found[1] + line[at + 1 :]
    return line
