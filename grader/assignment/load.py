"""Reads an assignment's folder: the rubric, the mistakes, the alternatives and the words.

An unknown key is an error, and so is the name of something that does not exist: a typing mistake
must not switch a check off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from grader.assignment.consistency import contradictions
from grader.assignment.contents import contents
from grader.assignment.entries import (
    AlternativeEntry,
    KnownNames,
    MistakeEntry,
    alternative_of,
    check_of,
    mistakes_of,
)
from grader.assignment.listed import EntryPlace, Words
from grader.assignment.model import MARKER, Assignment, Blank, Part, Role
from grader.assignment.own_check import own_checks, require_in_use, words_in
from grader.assignment.reporting import names, refuse, reporting, tables
from grader.assignment.toml_file import read_toml, shown
from grader.decode import DecodingError, UnknownKeyError, decode, suggestion
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.assignment.listed import Alternative, Mistake
    from grader.assignment.model import Check, OwnCheck
    from grader.assignment.reporting import Reporter
    from grader.assignment.toml_file import TomlFile

T = TypeVar("T")
# What gives an error about an entry its place, the entry as it is written, and where it stands.
_Entry = tuple[Callable[[], AbstractContextManager[None]], T, EntryPlace]

RUBRIC, _MISTAKES = "assignment.toml", "mistakes.toml"


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """``assignment.toml`` as it is written; the checks hold options that only their kinds know.

    ``id`` is the assignment's name, which reports and templates have. ``title`` is what a person
    reads. ``notebook`` is the solved notebook, in the same folder. ``data`` is the folder of a data
    set, for checks that train on one. ``roles`` are variables that the judge replaces by its own.
    ``parts`` are where the blanks lie. ``blanks`` are what a student fills in. ``checks`` are what
    is graded, in this order.

    ``mistakes`` names the files that list mistakes, in the order in which they are tried. Without
    it that is ``mistakes.toml``, if there is one. ``marker`` is the comment that students find in
    a blank.
    """

    id: str
    title: str
    notebook: str
    data: str | None = None
    mistakes: tuple[str, ...] | None = None
    marker: str = MARKER
    roles: tuple[Role, ...] = ()
    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]
    checks: tuple[dict[str, Any], ...]


def read_assignment(folder: Path) -> Assignment:
    """Read an assignment's folder; raises ``AssignmentError`` for the first thing that is wrong.

    One command asks for it several times, and the lists are long: files that hold what they held
    are not read again.
    """
    return _read(folder, contents(folder))


@lru_cache(maxsize=32)
def _read(folder: Path, _contents: tuple[tuple[str, bytes], ...]) -> Assignment:
    assignment = survey_assignment(folder, refuse)
    if assignment is None:
        raise AssertionError("what is wrong was not reported")
    return assignment


def survey_assignment(folder: Path, report: Reporter) -> Assignment | None:
    """Read an assignment's folder, and report all that is wrong with its files.

    Returns ``None`` where too much is wrong to go on. What is wrong with single mistakes,
    alternatives and words is only left out of what is returned.
    """
    file = rubric = None
    own: dict[str, OwnCheck] | None = None
    with reporting(report):
        file = read_toml(folder / RUBRIC)
    if file is None:
        return None
    with reporting(report):
        rubric = file.decode(Rubric)
    with reporting(report):
        own = own_checks(folder)
    found = [
        _check(file, number, own or {}, report) for number in range(len(tables(file, "checks")))
    ]
    checks = tuple(check for check in found if check is not None)
    whole = rubric is not None and len(checks) == len(found)
    if rubric is not None and whole:
        with reporting(report):
            require_in_use(own or {}, checks)
        with reporting(report):
            _require_consistency(file, rubric, checks, report)
    known = KnownNames(
        blanks=[entry.get("number", 0) for entry in tables(file, "blanks")],
        parts=[entry.get("id", "") for entry in tables(file, "parts")],
        checks=[entry.get("id", "") for entry in tables(file, "checks")],
    )
    listed = rubric.mistakes if rubric is not None else names(file.table.get("mistakes"))
    mistakes = tuple(_mistakes(file, listed, known, report))
    path = folder / "alternatives.toml"
    entries = _entries(path, "alternatives", AlternativeEntry, report)
    alternatives: list[Alternative] = []
    for at, entry, source in entries:
        with reporting(report), at():
            alternatives.append(alternative_of(entry, known, source))
    words = _words(folder / "words.toml", report)
    # Where a check's file is wrong, nothing is known of the kinds.
    if rubric is None or own is None or not whole:
        return None
    return Assignment(
        id=rubric.id,
        title=rubric.title,
        folder=folder,
        reference=folder / rubric.notebook,
        # A course's folder holds both: reference/NAME and student_templates.
        template=folder.parent.parent / "student_templates" / rubric.notebook,
        data=folder / rubric.data if rubric.data is not None else None,
        roles=rubric.roles,
        parts=rubric.parts,
        blanks=rubric.blanks,
        checks=checks,
        mistakes=mistakes,
        alternatives=tuple(alternatives),
        words=words_in(own) | words,
        marker=rubric.marker,
    )


def _check(
    file: TomlFile, number: int, own: Mapping[str, OwnCheck], report: Reporter
) -> Check | None:
    with reporting(report):
        check = check_of(file, number, file.table["checks"][number])
        return replace(check, own=own.get(check.kind))
    return None


def _require_consistency(
    file: TomlFile, rubric: Rubric, checks: Sequence[Check], report: Reporter
) -> None:
    folder = file.path.parent
    for error in contradictions(rubric.roles, rubric.parts, rubric.blanks, checks):
        report(file.error(error))
    if not re.fullmatch(r"#[^\n]*\w[^\n]*", rubric.marker):
        hint = 'begin it with #, and say in it what to do: marker = "# YOUR CODE HERE"'
        report(file.error(DecodingError("it is no comment", hint, ("marker",))))
    if not (folder / rubric.notebook).resolve().is_relative_to(folder.resolve()):
        hint = "it is the solved notebook, in the folder of assignment.toml"
        report(file.error(DecodingError("it lies in another folder", hint, ("notebook",))))
    elif not (folder / rubric.notebook).is_file():
        hint = "it is the solved notebook, in the folder of assignment.toml"
        report(file.error(DecodingError("there is no such file", hint, ("notebook",))))
    if rubric.data is not None and not (folder / rubric.data).is_dir():
        hint = "it is the folder of a data set, in the folder of assignment.toml"
        report(file.error(DecodingError("there is no such folder", hint, ("data",))))


def _mistakes(
    rubric_file: TomlFile, named: Sequence[str] | None, known: KnownNames, report: Reporter
) -> Iterator[Mistake]:
    """Yield the mistakes of every listed file, in the order of the list."""
    folder = rubric_file.path.parent
    listed = (_MISTAKES,) if named is None else named
    for number, name in enumerate(named or ()):
        problem, hint = None, "name each file once, as mistakes/PART.toml"
        if name in listed[:number]:
            problem = f"{name} is listed twice"
        elif not (folder / name).resolve().is_relative_to(folder.resolve()):
            problem = f"{name} is not in the assignment's folder"
        elif not (folder / name).is_file():
            problem, hint = f"there is no file {name}", f"write {name}, or take it out of the list"
        if problem is not None:
            report(rubric_file.error(DecodingError(problem, hint, ("mistakes", number))))
    for path in (folder / _MISTAKES, *sorted((folder / "mistakes").glob("*.toml"))):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed:
            problem = f"{shown(path)} is not read: assignment.toml does not list it"
            hint = f'add "{name}" to mistakes = [ … ] in assignment.toml, or remove the file'
            report(AssignmentError(problem, hint))
    for path in (folder / name for name in dict.fromkeys(listed)):
        for at, entry, source in _entries(path, "mistakes", MistakeEntry, report):
            with reporting(report), at():
                yield from mistakes_of(entry, known, source)


def _entries(path: Path, key: str, form: type[T], report: Reporter) -> Iterator[_Entry[T]]:
    """Yield each entry of a file's only list with its source; no file has no entries.

    With each comes what gives an error about it its place.
    """
    file, lists = None, {}
    if not path.is_file():
        return
    with reporting(report):
        file = read_toml(path)
        lists = file.decode(dict[str, tuple[dict[str, Any], ...]])
    if file is None:
        return
    for name in lists:
        if name != key:
            hint = suggestion(name, [key]) or f"it is {key}"
            report(file.error(UnknownKeyError(name, hint)))
    for number, plain in enumerate(lists.get(key, ())):
        at = partial(file.at, key, number)
        with reporting(report), at():
            yield at, decode(form, plain), EntryPlace(path, key, number)


def _words(path: Path, report: Reporter) -> dict[str, Words]:
    if path.is_file():
        with reporting(report):
            return read_toml(path).decode(dict[str, Words])
    return {}
