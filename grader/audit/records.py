"""An instructor's records about surviving mutants and pairs, each with its reason."""

from __future__ import annotations

import ast
import sys
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
            return self.within in mutant.within
        return _code(mutant.was) == _code(self.was) and _code(mutant.becomes) == _code(self.becomes)

    @property
    def label(self) -> str:
        """Return a short name for messages."""
        if self.within is not None:
            return f"{self.part}: within {self.within!r}"
        return f"{self.part}: {self.was!r} becomes {self.becomes!r}"


@dataclass(frozen=True)
class Together:
    """A check in which one mistake may hide the name of another, and why."""

    check: str
    reason: str


@dataclass(frozen=True)
class Mixed:
    """A check in which two mistakes may score better or worse than either alone, and why."""

    check: str
    reason: str


@dataclass(frozen=True)
class PairRecords:
    """All records about pairs of mistakes."""

    together: tuple[Together, ...] = ()
    mixed: tuple[Mixed, ...] = ()

    def may_hide(self, check: str) -> bool:
        """Whether one mistake may hide another's name in a check."""
        return any(record.check == check for record in self.together)

    def may_mix(self, check: str) -> bool:
        """Whether a check's verdict on two mistakes may differ from both."""
        return any(record.check == check for record in self.mixed)


def equivalents(assignment: Assignment, device: str) -> tuple[Equivalent, ...]:
    """Return the records of ``equivalents.toml`` for a device; raises ``AssignmentError``."""
    parts = {part.id for part in assignment.parts}

    def read(entry: dict[str, Any]) -> list[Equivalent]:
        if entry["part"] not in parts:
            raise ValueError(f"there is no part {entry['part']!r}")
        whole = Equivalent(entry["part"], _reason(entry), device=entry.get("device"))
        if "within" in entry:
            return [replace(whole, within=str(entry["within"]))]
        changes = entry.get("mutants", [entry])
        return [replace(whole, was=str(c["was"]), becomes=str(c["becomes"])) for c in changes]

    found = _read(assignment.folder / "equivalents.toml", "equivalents", read)
    return tuple(record for record in found if record.device in (None, device))


def pair_records(assignment: Assignment) -> PairRecords:
    """Return the records of ``pairs.toml``; raises ``AssignmentError`` for a wrong one."""
    checks = {check.id for check in assignment.checks}
    path = assignment.folder / "pairs.toml"

    def checked(entry: dict[str, Any]) -> tuple[str, str]:
        if entry["check"] not in checks:
            raise ValueError(f"there is no check {entry['check']!r}")
        return entry["check"], _reason(entry)

    return PairRecords(
        tuple(_read(path, "together", lambda entry: [Together(*checked(entry))])),
        tuple(_read(path, "mixed", lambda entry: [Mixed(*checked(entry))])),
    )


def _read(path: Path, key: str, read: Callable[[dict[str, Any]], list[Any]]) -> list[Any]:
    if not path.is_file():
        return []
    where, found = path.name, []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
        for number, entry in enumerate(entries, start=1):
            where = f"{path.name}: entry {number}"
            found += read(entry)
    except KeyError as error:
        raise AssignmentError(f"{where}: the key {error} is missing") from None
    except (OSError, TypeError, ValueError, AttributeError) as error:
        raise AssignmentError(f"{where}: {error}") from None
    return found


def _reason(entry: dict[str, Any]) -> str:
    if not str(entry["reason"]).strip():
        raise ValueError("a reason has to be given")
    return str(entry["reason"])


def _code(text: str) -> str:
    """Return a normal form of code, the same for every layout at the same indentation."""
    text = text.strip("\n")
    try:
        # Python's versions unparse a tree differently.
        tree = ast.dump(ast.parse(textwrap.dedent(text)))
    except SyntaxError:
        return text
    return f"{len(text) - len(text.lstrip(' '))} {tree}"
