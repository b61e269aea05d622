"""An instructor's records about surviving mutants and pairs, each with its reason."""

from __future__ import annotations

import ast
import textwrap
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.assignment.entries import unknown
from grader.assignment.toml_file import read_toml
from grader.decode import DecodingError, MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from grader.assignment import Assignment
    from grader.audit.mutants import Mutant


@dataclass(frozen=True)
class Equivalent:
    """Mutants of a part that no check has to notice.

    Either one change, ``was`` and ``becomes`` as the audit prints it, or every change ``within`` a
    statement with this first line. The reason holds on ``device``, ``None``: on every device.
    """

    part: str
    reason: str
    was: str = ""
    becomes: str = ""
    within: str | None = None
    device: str | None = None

    def covers(self, mutant: Mutant) -> bool:
        """Whether the record is about this mutant."""
        if mutant.part != self.part:
            return False
        if self.within is not None:
            return _code(self.within) in map(_code, mutant.within)
        return _code(mutant.was) == _code(self.was) and _code(mutant.becomes) == _code(self.becomes)

    @property
    def label(self) -> str:
        """Return a short name for messages."""
        if self.within is not None:
            return f"{self.part}: within {self.within!r}"
        return f"{self.part}: {self.was!r} becomes {self.becomes!r}"


@dataclass(frozen=True)
class PairRecord:
    """A check in which two mistakes at once may give something else than each alone, and why.

    ``check`` is the check's id, ``reason`` why that is no hole.
    """

    check: str
    reason: str


@dataclass(frozen=True)
class PairRecords:
    """All records about pairs of mistakes.

    In a check of ``together`` one mistake may hide the name of another, in one of ``mixed`` two may
    score better or worse than either alone.
    """

    together: tuple[PairRecord, ...] = ()
    mixed: tuple[PairRecord, ...] = ()

    def may_hide(self, check: str) -> bool:
        """Whether one mistake may hide another's name in a check."""
        return any(record.check == check for record in self.together)

    def may_mix(self, check: str) -> bool:
        """Whether a check's verdict on two mistakes may differ from both."""
        return any(record.check == check for record in self.mixed)


@dataclass(frozen=True, kw_only=True)
class ChangeEntry:
    """A change as it is written in ``mutants``: the code that ``was``, and what it ``becomes``."""

    was: str
    becomes: str


@dataclass(frozen=True, kw_only=True)
class EquivalentEntry:
    """An entry of ``equivalents.toml``: one change, several in ``mutants``, or ``within``.

    ``part`` is the part that was changed, ``reason`` why no check has to notice it. The code that
    ``was`` and what it ``becomes`` stand as the audit prints them. ``within`` is the first line of
    a statement: every change in it may stay. ``device`` says where the reason holds, if not
    everywhere.
    """

    part: str
    reason: str
    was: str | None = None
    becomes: str | None = None
    mutants: tuple[ChangeEntry, ...] = ()
    within: str | None = None
    device: str | None = None

    def records(self) -> Iterator[Equivalent]:
        """Yield a record for each change; raises ``DecodingError`` where none is written."""
        whole = Equivalent(self.part, self.reason, device=self.device)
        changes = self.mutants
        if self.within is not None:
            yield replace(whole, within=self.within)
            return
        if not changes:
            for key, value in (("was", self.was), ("becomes", self.becomes)):
                if value is None:
                    raise MissingKeyError(key, str)
            changes = (ChangeEntry(was=str(self.was), becomes=str(self.becomes)),)
        for change in changes:
            yield replace(whole, was=change.was, becomes=change.becomes)


@dataclass(frozen=True)
class EquivalentsFile:
    """``equivalents.toml`` as it is written: ``equivalents`` are the changes that may stay."""

    equivalents: tuple[EquivalentEntry, ...] = ()


def equivalents(assignment: Assignment, device: str) -> tuple[Equivalent, ...]:
    """Return the records of ``equivalents.toml`` that hold on a device.

    Raises ``AssignmentError`` for a wrong one.
    """
    path = assignment.folder / "equivalents.toml"
    if not path.is_file():
        return ()
    file = read_toml(path)
    parts = [part.id for part in assignment.parts]
    found: list[Equivalent] = []
    for number, entry in enumerate(file.decode(EquivalentsFile).equivalents):
        with file.at("equivalents", number):
            _require("part", entry.part, parts, entry.reason)
            found += entry.records()
    return tuple(record for record in found if record.device in (None, device))


def pair_records(assignment: Assignment) -> PairRecords:
    """Return the records of ``pairs.toml``; raises ``AssignmentError`` for a wrong one."""
    path = assignment.folder / "pairs.toml"
    if not path.is_file():
        return PairRecords()
    file = read_toml(path)
    found = file.decode(PairRecords)
    checks = [check.id for check in assignment.checks]
    for key, records in (("together", found.together), ("mixed", found.mixed)):
        for number, record in enumerate(records):
            with file.at(key, number):
                _require("check", record.check, checks, record.reason)
    return found


def _require(what: str, name: str, known: Collection[str], reason: str) -> None:
    if name not in known:
        raise unknown(what, name, known, (what,))
    if not reason.strip():
        raise DecodingError("a reason has to be given", "say why", ("reason",))


def _code(text: str) -> str:
    """Return a normal form of code, the same for every layout at the same indentation."""
    text = text.strip("\n")
    last = text.rpartition("\n")[2]
    body = " " * (len(last) - len(last.lstrip(" ")) + 1) + "pass"
    # Python's versions unparse a tree differently. A header alone needs a body to be read.
    for whole in (text, f"{text}\n{body}"):
        with suppress(SyntaxError):
            tree = ast.dump(ast.parse(textwrap.dedent(whole)))
            return f"{len(text) - len(text.lstrip(' '))} {tree}"
    return text
