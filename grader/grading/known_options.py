"""Refuses a check of an unknown kind, and an option that its kind does not take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import KEYS_OF_EVERY_CHECK, unknown
from grader.assignment.toml_file import read_toml
from grader.checks.kinds import KINDS
from grader.decode import DecodingError, UnknownKeyError, decode, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.decode import Place

_BLANK = re.compile(r"(?:\w+_)?blank")


def require_options(assignment: Assignment) -> None:
    """Raise ``AssignmentError`` for a check that is wrong, with its line of ``assignment.toml``."""
    for number, check in enumerate(assignment.checks):
        try:
            for error in _wrong_options(check, assignment):
                raise error
        except DecodingError as error:
            file = read_toml(assignment.folder / "assignment.toml")
            raise file.error(error.below("checks", number)) from None


def _wrong_options(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield what is wrong with a check's options, each with its path below the check."""
    if check.kind not in KINDS:
        # Without a kind of its own a check is of the kind that its id names.
        key = "id" if check.kind == check.id else "kind"
        yield unknown("kind", check.kind, KINDS, (key,))
    kind = KINDS[check.kind]
    known = [*kind.options.__annotations__, *KEYS_OF_EVERY_CHECK]
    for key in check.options:
        if key not in known:
            yield UnknownKeyError(key, suggestion(key, known, "the keys are"))
    yield from kind.contradictions(decode(kind.options, dict(check.options)), assignment)
    for path, blank in _blanks(check.options):
        if blank not in check.blanks:
            yield unknown("blank", blank, check.blanks, path)


def _blanks(options: Any, path: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield the numbers of blanks that stand in options, each with its path."""
    items = options.items() if isinstance(options, Mapping) else enumerate(options)
    for key, value in items:
        if isinstance(value, (Mapping, list)):
            yield from _blanks(value, (*path, key))
        elif isinstance(key, str) and _BLANK.fullmatch(key):
            yield (*path, key), value
