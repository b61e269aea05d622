"""Refuses a check of an unknown kind, and an option that its kind does not take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import KEYS_OF_EVERY_CHECK, unknown
from grader.assignment.toml_file import read_toml
from grader.checks.kinds import KINDS, kind_of
from grader.decode import DecodingError, MissingKeyError, UnknownKeyError, decode, suggestion
from grader.errors import AssignmentError
from grader.grading.own_files import try_to_draw, wrong_in_its_files
from grader.report import Status
from grader.words import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.decode import Place

_BLANK = re.compile(r"(?:\w+_)?blank")


def require_options(assignment: Assignment) -> None:
    """Raise ``AssignmentError`` for a check that is wrong, with its line of ``assignment.toml``."""
    for error in wrong_checks(assignment):
        raise error


def wrong_checks(assignment: Assignment) -> Iterator[AssignmentError]:
    """Yield all that is wrong with the checks' kinds and options."""
    for number, check in enumerate(assignment.checks):
        try:
            for error in _wrong_options(check, assignment):
                file = read_toml(assignment.folder / "assignment.toml")
                yield file.error(error.below("checks", number))
        except AssignmentError as error:  # in the file of a check of its own
            yield error


def _wrong_options(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield what is wrong with a check's options, each with its path below the check."""
    if check.own is None and check.kind not in KINDS:
        # Without a kind of its own a check is of the kind that its id names.
        key = "id" if check.kind == check.id else "kind"
        own = [one.own.name for one in assignment.checks if one.own is not None]
        yield unknown("kind", check.kind, [*own, *KINDS], (key,))
        return
    yield from wrong_in_its_files(check, assignment)
    kind = kind_of(check)
    takes = kind.options.__annotations__
    known = [*takes, *KEYS_OF_EVERY_CHECK]
    strange = [key for key in check.options if key not in known]
    misspelt = [suggestion(key, known, "the keys are") or "" for key in strange]
    for key, hint in zip(strange, misspelt, strict=True):
        yield UnknownKeyError(key, hint)
    options = None
    try:
        options = decode(kind.options, {k: v for k, v in check.options.items() if k in takes})
    except DecodingError as error:
        for one in error.each():
            # A key that is missing may be there, misspelt: that was said.
            lacks = one.key if isinstance(one, MissingKeyError) and not one.path else None
            if lacks is None or f'did you mean "{lacks}"?' not in misspelt:
                one.further = ()
                yield one
    yield from _no_such_findings(check, assignment)
    if options is not None:
        if not strange:
            try_to_draw(check, assignment)
        yield from kind.contradictions(options, assignment)
        for path, blank in named_blanks(check.options):
            if blank not in check.blanks:
                yield unknown("blank", blank, check.blanks, path)


def _no_such_findings(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each key of ``partial`` that keeps points for nothing."""
    kind = kind_of(check)
    own = codes_of(check.kind) if kind.partly is None else kind.partly
    listed = {
        mistake.code
        for mistake in assignment.mistakes
        if Status.PARTIAL.value in mistake.verdict.get(check.id, ())
    }
    for code in check.partial:
        if code not in own | listed:
            problem = f'no finding "{code}" of this check leaves something right'
            near = suggestion(code, sorted(own | listed), "those that can keep points are")
            yield DecodingError(problem, near, ("partial", code))


def named_blanks(options: Any, path: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield the numbers of blanks that stand in options, each with its path."""
    items = options.items() if isinstance(options, Mapping) else enumerate(options)
    for key, value in items:
        if isinstance(value, (Mapping, list)):
            yield from named_blanks(value, (*path, key))
        elif isinstance(key, str) and _BLANK.fullmatch(key):
            yield (*path, key), value
