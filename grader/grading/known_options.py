"""Refuses a check of an unknown kind, and an option that its kind does not take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import KEYS_OF_EVERY_CHECK, unknown
from grader.assignment.toml_file import read_toml
from grader.checks import generator
from grader.checks.kinds import KINDS, kind_of
from grader.decode import DecodingError, UnknownKeyError, decode, suggestion
from grader.errors import AssignmentError
from grader.grading.by_hand import tag_of
from grader.notebook.read import read_notebook
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.assignment.model import OwnCheck
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
    # Without a kind of its own a check is of the kind that its id names.
    key = "id" if check.kind == check.id else "kind"
    if check.own is None and check.kind not in KINDS:
        own = [one.own.name for one in assignment.checks if one.own is not None]
        yield unknown("kind", check.kind, [*own, *KINDS], (key,))
    yield from _of_its_files(check, assignment)
    kind = kind_of(check)
    known = [*kind.options.__annotations__, *KEYS_OF_EVERY_CHECK]
    for key in check.options:
        if key not in known:
            yield UnknownKeyError(key, suggestion(key, known, "the keys are"))
    yield from kind.contradictions(decode(kind.options, dict(check.options)), assignment)
    for path, blank in _blanks(check.options):
        if blank not in check.blanks:
            yield unknown("blank", blank, check.blanks, path)


def _of_its_files(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield what is wrong between a check, its kind's own file and the solved notebook."""
    if check.own is None:
        if kind_of(check).by_hand:
            yield from _untagged(check, assignment)
        return
    _require_words(check.own, assignment)
    key = "id" if check.kind == check.id else "kind"
    if check.kind in KINDS:
        hint = f"give {check.own.path} another name"
        yield DecodingError("a kind of the grader's own has this name", hint, (key,))
    if not check.parts or assignment.part(check.parts[0]).kind == "loop":
        hint = "its first part has to be a function or a class, which the probe calls"
        yield DecodingError("a check of one's own runs no loop", hint, ("parts",))
    # What is drawn is drawn for each grading; an error of the file's is told here.
    kind_of(check).draw(generator(0, check.id), check, assignment, None, "cpu")


def _untagged(check: Check, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for an answer that no cell of the solved notebook holds."""
    tag = tag_of(check)
    if not any(tag in cell.tags for cell in read_notebook(assignment.reference).cells):
        problem = f'no cell of {assignment.reference.name} has the tag "{tag}"'
        yield DecodingError(problem, "tag the cell that holds the answer to it", ("id",))


def _require_words(own: OwnCheck, assignment: Assignment) -> None:
    """Raise ``AssignmentError`` for a remark that a student would read without any words."""
    for code, line in own.codes.items():
        if code not in assignment.words and not knows(code):
            raise AssignmentError(
                f'{own.path}, line {line}: there are no words for "{code}"',
                suggestion(code, own.words) or f'write WORDS = {{"{code}": {{"message": "…"}}}}',
            )


def _blanks(options: Any, path: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield the numbers of blanks that stand in options, each with its path."""
    items = options.items() if isinstance(options, Mapping) else enumerate(options)
    for key, value in items:
        if isinstance(value, (Mapping, list)):
            yield from _blanks(value, (*path, key))
        elif isinstance(key, str) and _BLANK.fullmatch(key):
            yield (*path, key), value
