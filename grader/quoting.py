"""Marks what a submission wrote where it stands among our words: nobody shall take it for ours.

Exceptions, class names, file names and printed values are a student's to choose. A text of several
lines gets a mark before each line; a name that is no identifier, and a text within a sentence,
stands in quotes, on one line.
"""

from __future__ import annotations

import re

from grader.text import printable

MARK = "> "
_MOST_LINES = 4
_LONGEST_NAME = 60
_LONGEST_LINE = 300
# What probes send by themselves: names and dotted names, devices, sizes, lines of a program.
_PLAIN = re.compile(r"[\w.:#@<>\[\]-]*")


def name(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return the name of a class, a function, a module: an identifier as it is, else in quotes."""
    dotted = all(part.isidentifier() for part in text.split("."))
    return text if dotted and len(text) <= longest else quoted(text, longest)


def quoted(text: str, longest: int = _LONGEST_LINE) -> str:
    """Return a text within a sentence of ours: in quotes, on one line, cut."""
    return '"' + printable(text, longest).replace('"', "'") + '"'


def quotation(text: str) -> str:
    """Return a text of several lines below a sentence of ours: a mark, then the line, for each.

    It has at most four lines and 300 characters.
    """
    shown = printable(text.strip(), _LONGEST_LINE, keep_lines=True)
    return "\n".join(f"{MARK}{line}" for line in shown.split("\n")[:_MOST_LINES])


def file_name(path: str, longest: int) -> str:
    """Return a file's name or path: in quotes if it has several words, as it could read as ours."""
    shown = printable(path, longest)
    return quoted(path, longest) if re.search(r"[\s\"]", shown) else shown


def legible(value: object) -> object:
    """Return what a worker sent with every text in it that no probe sends in quotes.

    A submission chooses the names of its classes and parameters. What an exception says, and a text
    that is a value to compare, stays as it is: whoever shows it marks it.
    """
    if type(value) is str:
        return value if _PLAIN.fullmatch(value) else quoted(value, _LONGEST_NAME)
    if type(value) is list:
        return [legible(item) for item in value]
    if type(value) is dict:
        return {
            legible(key): item if key in ("message", "cause", "verbatim") else legible(item)
            for key, item in value.items()
        }
    return value
