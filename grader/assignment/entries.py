"""Reads the entries of an assignment's files that the model holds in another form than a file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from grader.assignment.listed import Alternative, Edit, Mistake, Words
from grader.assignment.model import Check
from grader.decode import (
    DecodingError,
    MissingKeyError,
    UnknownKeyError,
    decode,
    gathered,
    suggestion,
)
from grader.report import Status
from grader.requirements import Code, Name  # noqa: TC001 - the form of a file is read at run time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from grader.assignment.listed import EntryPlace
    from grader.assignment.toml_file import TomlFile
    from grader.decode import Place

BY_HAND = "manual"
# Fields of a check that no file has as keys.
NO_KEYS = frozenset({"options", "own"})
KEYS_OF_EVERY_CHECK = [field.name for field in fields(Check) if field.name not in NO_KEYS]
# What a check that a person grades may leave out: nothing is run for it.
NOT_BY_HAND = frozenset({"parts", "blanks", "seconds"})
_FORMS = "write blank and answer; or part, find and replace; or edits = [{ … }, { … }]"


@dataclass(frozen=True, kw_only=True)
class EditEntry:
    """An edit: ``blank`` and ``answer``, or ``part``, ``find`` and ``replace``.

    ``answer`` is another answer in the blank of the number ``blank``. ``find`` is text of the
    solved notebook's ``part``, which has to stand once in its cell; ``replace`` is put in its
    place.
    """

    blank: int | None = None
    answer: str | None = None
    part: str | None = None
    find: str | None = None
    replace: str | None = None


@dataclass(frozen=True, kw_only=True)
class AlternativeEntry(EditEntry):
    """A right answer: one edit, or several in ``edits``.

    ``title`` says in a few words what is different.
    """

    title: Name
    edits: tuple[EditEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MistakeEntry(EditEntry):
    """A mistake: one edit, several in ``edits``, or several answers that each make it.

    Each of ``answers`` is the text of the blank, an edit, or a list of edits. ``code`` is what
    reports and statistics call the mistake. ``verdict`` maps each check that may not pass to the
    status that it must end with, or to several where chance decides. ``blank`` beside ``edits`` is
    the blank to blame. ``only_text = true`` is for a mistake that behaves as another one does: it
    is recognised by its text alone. ``patterns`` are further spellings: Python in which ``_`` is
    any expression. ``arrow`` is text of the line that is pointed at, empty for none. ``summary``
    stands beside the check's title. ``message`` says what was observed. ``why`` says why it
    matters. ``hint`` says where to look, without the answer.
    """

    code: Name
    verdict: dict[str, Status | tuple[Status, ...]]
    edits: tuple[EditEntry, ...] = ()
    answers: tuple[str | EditEntry | tuple[EditEntry, ...], ...] = ()
    only_text: bool = False
    patterns: tuple[Code, ...] = ()
    arrow: str | None = None
    summary: str | None = None
    message: str | None = None
    why: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class KnownNames:
    """The names that mistakes and alternatives may refer to."""

    blanks: Collection[int]
    parts: Collection[str]
    checks: Collection[str]

    def require(self, what: str, name: object, path: Place) -> None:
        """Raise ``DecodingError`` where there is no such blank, part or check."""
        known: Collection[object] = getattr(self, f"{what}s")
        if name not in known:
            raise unknown(what, name, known, path)


def unknown(what: str, name: object, known: Collection[object], path: Place) -> DecodingError:
    """Return the error for a name that leads nowhere."""
    shown = f'"{name}"' if isinstance(name, str) else str(name)
    hint = suggestion(name, known, f"the {what}s are")
    return DecodingError(f"there is no {what} {shown}", hint, path)


def check_of(file: TomlFile, number: int, entry: Mapping[str, Any]) -> Check:
    """Read a check. A key that not every check has is an option, which its kind has to know."""
    base = {key: entry[key] for key in KEYS_OF_EVERY_CHECK if key in entry}
    options = {key: value for key, value in entry.items() if key not in base}
    kind = entry.get("kind", entry.get("id"))
    if kind == BY_HAND:  # runs nothing
        base = {"parts": [], "blanks": [], "seconds": 1, **base}
    with file.at("checks", number):
        try:
            return decode(Check, {**base, "kind": kind, "options": options})
        except DecodingError as error:
            each, error.further = [*error.each()], ()
            raise gathered(_misspelt(one, options) for one in each) from None


def _misspelt(error: DecodingError, options: Mapping[str, Any]) -> DecodingError:
    """Return the error; where a key is missing that is there misspelt, the error of that key."""
    if isinstance(error, MissingKeyError):
        for key in options:
            if hint := suggestion(key, [error.key]):
                return UnknownKeyError(key, hint)
    return error


def mistakes_of(entry: MistakeEntry, known: KnownNames, source: EntryPlace) -> Iterator[Mistake]:
    """Yield a listed mistake for each answer that makes it, in their order.

    Raises ``DecodingError`` for an edit that is not whole, and for a name that leads nowhere.
    """
    for check in entry.verdict:
        known.require("check", check, ("verdict",))
    if entry.blank is not None:
        known.require("blank", entry.blank, ("blank",))
    words = {
        key: text
        for key in ("summary", "message", "why", "hint")
        if (text := getattr(entry, key)) is not None
    }
    for edits in _variants(entry, known):
        blanks = {edit.blank for edit in edits}
        yield Mistake(
            code=entry.code,
            edits=edits,
            verdict={check: _statuses(value) for check, value in entry.verdict.items()},
            # Without a blank of its own it lies in the only one that it edits.
            blank=blanks.pop() if entry.blank is None and len(blanks) == 1 else entry.blank,
            only_text=entry.only_text,
            patterns=entry.patterns,
            words=Words(**words) if words else None,
            arrow=entry.arrow,
            source=source,
        )


def alternative_of(entry: AlternativeEntry, known: KnownNames, source: EntryPlace) -> Alternative:
    """Read a right answer in other words; raises ``DecodingError`` as ``mistakes_of`` does."""
    return Alternative(entry.title, _edits(entry, known), source)


def _variants(entry: MistakeEntry, known: KnownNames) -> Iterator[tuple[Edit, ...]]:
    if not entry.answers:
        yield _edits(entry, known)
    elif entry.edits or (entry.answer, entry.find) != (None, None):
        raise DecodingError("answers stand beside another answer", _FORMS)
    for number, answer in enumerate(entry.answers):
        path: Place = ("answers", number)
        if isinstance(answer, str):
            yield (_edit(EditEntry(blank=entry.blank, answer=answer), known, ()),)
        elif isinstance(answer, EditEntry):
            yield (_edit(answer, known, path),)
        else:
            yield tuple(_edit(edit, known, (*path, k)) for k, edit in enumerate(answer))


def _edits(entry: AlternativeEntry | MistakeEntry, known: KnownNames) -> tuple[Edit, ...]:
    if not entry.edits:
        return (_edit(entry, known, ()),)
    if (entry.answer, entry.find) != (None, None):
        raise DecodingError("edits stand beside another answer", _FORMS)
    return tuple(_edit(edit, known, ("edits", k)) for k, edit in enumerate(entry.edits))


def _edit(entry: EditEntry, known: KnownNames, path: Place) -> Edit:
    if (entry.answer is None) == (entry.find is None):
        both = "two answers are" if entry.find is not None else "no answer is"
        raise DecodingError(f"{both} given", _FORMS, path)
    if entry.answer is not None:
        if entry.blank is None:
            raise MissingKeyError("blank", int).below(*path)
        known.require("blank", entry.blank, (*path, "blank"))
        return Edit(text=entry.answer, blank=entry.blank)
    for key in ("part", "replace"):
        if getattr(entry, key) is None:
            raise MissingKeyError(key, str).below(*path)
    known.require("part", entry.part, (*path, "part"))
    return Edit(text=str(entry.replace), part=entry.part, find=entry.find)


def _statuses(value: Status | tuple[Status, ...]) -> tuple[str, ...]:
    return tuple(one.value for one in ((value,) if isinstance(value, Status) else value))
