"""Finds what contradicts itself in an assignment: names that stand twice or lead nowhere."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import unknown
from grader.decode import DecodingError, MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.assignment.model import Blank, Check, Part, Role


# A list, a key of its entries, and what the key names: one, or several.
_REFERENCES = (
    ("blanks", "part", "parts"),
    ("roles", "part", "parts"),
    ("roles", "made_of", "roles"),
    ("parts", "about", "roles"),
    ("checks", "parts", "parts"),
    ("checks", "blanks", "blanks"),
    ("checks", "needs", "checks"),
    ("checks", "needs_right", "checks"),
)


def contradictions(
    roles: Sequence[Role], parts: Sequence[Part], blanks: Sequence[Blank], checks: Sequence[Check]
) -> Iterator[DecodingError]:
    """Yield an error for each contradiction, with its path in ``assignment.toml``."""
    entries: dict[str, Sequence[Any]] = {
        "roles": roles,
        "parts": parts,
        "blanks": blanks,
        "checks": checks,
    }
    names: dict[str, list[int | str]] = {}
    for of, listed in entries.items():
        key = "number" if of == "blanks" else "id"
        names[of] = [getattr(entry, key) for entry in listed]
        for place, name in enumerate(names[of]):
            if name in names[of][:place]:
                hint = f"give every {of[:-1]} its own {key}"
                yield DecodingError("it stands twice", hint, (of, place, key))
    for of, key, named in _REFERENCES:
        for place, entry in enumerate(entries[of]):
            value = getattr(entry, key)
            # A role may name none.
            each = value if isinstance(value, tuple) else (value,) * (bool(value) or of != "roles")
            for name in each:
                if name not in names[named]:
                    yield unknown(named[:-1], name, names[named], (of, place, key))
    for place, blank in enumerate(blanks):
        for error in _in_blank(blank):
            yield error.below("blanks", place)


def _in_blank(blank: Blank) -> Iterator[DecodingError]:
    for key, form in (("patterns", tuple[str, ...]), ("anchor", str), ("neutral", str)):
        # A block is found, and put aside, without them.
        if not getattr(blank, key) and blank.kind != "block":
            yield MissingKeyError(key, form)
    if "\n" in blank.neutral.strip():
        hint = "write one statement, which takes the place of all lines of the answer"
        yield DecodingError("it has several lines", hint, ("neutral",))
    try:
        ast.parse(blank.placeholder)
    except (SyntaxError, ValueError):
        hint = 'write what the cell needs to be read: placeholder = "pass"'
        yield DecodingError("it is no Python", hint, ("placeholder",))
    try:
        re.compile(blank.anchor)
    except re.error as error:
        hint = "write one of Python's, in single quotation marks"
        yield DecodingError(f"it is no regular expression: {error}", hint, ("anchor",))
