"""Reads ``overrides.toml``: a TA's decisions for a student or for a whole group."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from grader import points
from grader.classroom.model import Override
from grader.errors import GraderError
from grader.identity import written_id
from grader.text import printable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_KINDS = ("student", "group")
_KEYS = ("id", "score", "checks", "reason", "by")


@dataclass(frozen=True)
class Overrides:
    """A class's decisions, by student id and by group id."""

    students: Mapping[str, Override] = field(default_factory=dict)
    groups: Mapping[str, Override] = field(default_factory=dict)

    def for_student(self, student_id: str, group_id: str) -> Override | None:
        """Return the student's own decision, else the group's, else None."""
        return self.students.get(written_id(student_id)) or self.groups.get(written_id(group_id))

    def without_effect(self, students: Iterable[str], groups: Iterable[str]) -> tuple[str, ...]:
        """Return a sentence for each decision that applies to none of these students and groups.

        A misspelt id would otherwise silently cost a student the points that a TA granted.
        """
        sentences = []
        for kind, decided, ids in (
            ("student", self.students, students),
            ("group", self.groups, groups),
        ):
            known = {written_id(id_) for id_ in ids}
            for id_ in decided:
                if id_ not in known:
                    sentences.append(
                        f"overrides.toml decides for the {kind} {_shown(id_)}, and no graded work "
                        f"is that {kind}'s{_meant(id_, known)}"
                    )
        return tuple(sentences)


def load_overrides(path: Path, checks: Mapping[str, float]) -> Overrides:
    """Read the decisions; without such a file there are none.

    ``checks`` maps the assignment's checks to their points. Raises ``GraderError``, which names the
    entry and its correction, for an entry that is not entirely clear.
    """
    table = _read(path)
    decided: dict[str, dict[str, Override]] = {kind: {} for kind in _KINDS}
    for kind, entries in table.items():
        if kind not in _KINDS:
            raise GraderError(
                f"{path.name}: {_shown(kind)} is neither of [[student]] and [[group]]",
                "begin each entry with [[student]] or [[group]], and write its lines below that",
            )
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise GraderError(
                f"{path.name}: [{kind}] is not a list of entries",
                f"begin each entry with [[{kind}]], in two pairs of brackets",
            )
        for number, fields in enumerate(entries, start=1):
            entry = _Entry(f"{path.name}, [[{kind}]] number {number}", fields, checks)
            if entry.id in decided[kind]:
                entry.fail(f"{_shown(entry.id)} has an entry already", "keep one of the two")
            decided[kind][entry.id] = entry.override()
    return Overrides(students=decided["student"], groups=decided["group"])


class _Entry:
    """One entry; its keys are checked one by one, so that an error can name the key."""

    def __init__(self, where: str, fields: dict[str, Any], checks: Mapping[str, float]) -> None:
        self._where, self._fields, self._checks = where, fields, checks
        self.id = self._id()

    def fail(self, message: str, hint: str) -> NoReturn:
        raise GraderError(f"{self._where}: {message}", hint)

    def override(self) -> Override:
        for key in self._fields:
            if key not in _KEYS:
                self.fail(
                    f"{_shown(key)} is not known{_meant(key, [*_KEYS, *self._checks])}",
                    "an entry has id, reason, one of score and checks.NAME, and by if you like",
                )
        has_score, has_checks = "score" in self._fields, bool(self._fields.get("checks"))
        if has_score == has_checks:
            name = next(iter(self._checks), "NAME")
            self.fail(
                "both score and checks are given" if has_score else "no points are given",
                f"write score = … for the whole, or checks.{name} = … for single checks",
            )
        most = sum(self._checks.values())
        return Override(
            reason=self._text("reason", "say in a few words why: the student will read it"),
            score=self._points("score", self._fields["score"], most) if has_score else None,
            checks=self._check_points() if has_checks else {},
            by=self._text("by", "leave it out, or name who decided")
            if "by" in self._fields
            else "",
        )

    def _id(self) -> str:
        value = self._fields.get("id")
        # An id may be a number without quotes.
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not written_id(value):
            self.fail("it has no id", 'write whom it is for, as grades.csv has it: id = "…"')
        self._where += f" (id {_shown(value)})"
        return written_id(value)

    def _text(self, key: str, hint: str) -> str:
        value = self._fields.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"it has no {key}", f'{hint}: {key} = "…"')
        return value.strip()

    def _check_points(self) -> dict[str, float]:
        given = self._fields["checks"]
        if not isinstance(given, dict):
            self.fail("checks is not a list of names with points", "write checks.NAME = 20")
        for name in given:
            if name not in self._checks:
                self.fail(
                    f"there is no check {_shown(name)}{_meant(name, self._checks)}",
                    f"the checks are {', '.join(self._checks)}",
                )
        return {name: self._points(name, given[name], self._checks[name]) for name in given}

    def _points(self, name: str, value: Any, most: float) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= most:  # refuses nan too
            self.fail(
                f"{name} is {printable(str(value), 40)}",
                f"{name} has from 0 to {points.points(most)} points, a number without quotes",
            )
        return round(float(value), 2) + 0.0  # as every output shows it; no -0


def _read(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise GraderError(
            f"{path.name} is not valid TOML: {printable(str(error), 200)}",
            "text and ids stand in quotes, points do not; a # begins a comment",
        ) from None
    except (OSError, ValueError) as error:
        raise GraderError(
            f"cannot read {path.name}: {printable(str(error), 300)}", "save it as UTF-8 text"
        ) from None
    return table


def _shown(words: str) -> str:
    return f'"{printable(words, 80)}"'


def _meant(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean …?" if a known word is similar."""
    alike = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {_shown(alike[0])}?" if alike else ""
