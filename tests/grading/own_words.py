"""Whether a report says what a listed mistake says, and not something plainer.

Words that ask for a fact which nobody observed give way in silence to more general ones, so that
an entry's own words can be there and never be read.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from grader.words import words_for
from grader.words.agreement import agreeing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Mistake, Words
    from grader.report import Finding, Report

# What may rightly have nothing to say.
_MAY_BE_EMPTY = frozenset(
    {
        *("advice", "drift", "explanation", "kept", "order", "reason", "rhythm", "scale"),
        "unused",
    }
)
_SAID = ("summary", "message", "why", "hint")


def in_other_words(mistake: Mistake, report: Report, assignment: Assignment) -> list[str]:
    """Return what the nearest finding says in other words than the entry's, nothing if it is its.

    An entry that leaves its words to its code is held to that code's.
    """
    found = [f for c in report.checks for f in c.findings if f.code == mistake.code]
    differences = [list(_differences(mistake, finding, assignment)) for finding in found]
    return min(differences, key=len, default=[f"nothing is named {mistake.code}"])


def _differences(mistake: Mistake, finding: Finding, assignment: Assignment) -> Iterator[str]:
    sources = (mistake.words, assignment.words.get(mistake.code), words_for(mistake.code))
    for name in _SAID:
        wanted = next((text for text in map(_text(name), sources) if text), "")
        said = getattr(finding, name) or ""
        if wanted and not any(re.fullmatch(_pattern(w), said, re.DOTALL) for w in _forms(wanted)):
            yield f"{name}: {wanted!r} is not what is said: {said!r}"


def _forms(text: str) -> set[str]:
    """Return a text as it is for one thing and for several."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    return {agreeing(text, dict.fromkeys(names, one)) for one in (1, 2, "one", "one and two")}


def _text(name: str):
    def of(words: Words | None) -> str:
        return getattr(words, name) if words is not None else ""

    return of


def _pattern(text: str) -> str:
    """Return an expression for a text whose ``{names}`` were filled in."""
    pieces = []
    for literal, name, _, _ in Formatter().parse(text.strip()):
        # The line is named by its number where another one is pointed at.
        line = r"(?:this line|line \d+(?: of cell \d+)?)"
        pieces.append(re.escape(literal).replace(re.escape("this line"), line))
        if name is not None:
            pieces.append("(.*)" if name in _MAY_BE_EMPTY else "(.+)")
    return r"\s*".join(["", *pieces, ""])
