"""Whose points changed between two states of a class, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import points as marks
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.batch.standing import Points, StudentStanding

_STATES = {
    "assignment": "rubric: the assignment's files have changed",
    "code": "grader: another version of it",
    "data": "data: another data set",
    "machine": "machine: another one, or other packages",
    "options": "options: device, seed, isolation, timeout or grouping",
}


@dataclass(frozen=True)
class Change:
    """One student's standing before and after, and why it changed, a phrase each."""

    before: StudentStanding
    after: StudentStanding
    why: tuple[str, ...]

    @property
    def of_points(self) -> bool:
        """Whether points changed, and not only words."""
        return _points(self.before) != _points(self.after)

    @property
    def line(self) -> str:
        """The change in words, as safe text."""
        before, after = self.before, self.after
        single = ", ".join(_single(before, after))
        total = f"{_total(before)} → {_total(after)}"
        return f"{after.shown}: {total}{f' ({single})' if single else ''}; {'; '.join(self.why)}"


@dataclass(frozen=True)
class ClassChanges:
    """All differences of two states; ``same`` if there is none, in points or words."""

    changed: tuple[Change, ...]
    added: tuple[StudentStanding, ...]
    gone: tuple[StudentStanding, ...]

    @property
    def of_points(self) -> tuple[Change, ...]:
        """The changes of points."""
        return tuple(change for change in self.changed if change.of_points)

    @property
    def same(self) -> bool:
        """Whether the two states are equal."""
        return not (self.changed or self.added or self.gone)


def changes(
    before: Mapping[str, StudentStanding],
    after: Mapping[str, StudentStanding],
    states: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
) -> ClassChanges:
    """Compare two states by the students' ids; ``states`` are what the two were graded by."""
    common = [why for name, why in _STATES.items() if states[0].get(name) != states[1].get(name)]
    return ClassChanges(
        changed=tuple(
            Change(old, new, _why(old, new, common))
            for id_, new in after.items()
            if (old := before.get(id_)) is not None and _read(old) != _read(new)
        ),
        added=tuple(new for id_, new in after.items() if id_ not in before),
        gone=tuple(old for id_, old in before.items() if id_ not in after),
    )


def _points(one: StudentStanding) -> tuple[object, ...]:
    each = {id_: (points.score, points.max_score) for id_, points in one.checks.items()}
    return one.total, one.max_score, each, one.graded


def _read(one: StudentStanding) -> tuple[object, ...]:
    return _points(one), one.words


def _why(old: StudentStanding, new: StudentStanding, common: list[str]) -> tuple[str, ...]:
    """Return why a student's standing changed, as far as can be told."""
    why = []
    if old.override != new.override:
        what = "changed" if old.override and new.override else "added"
        what = what if new.override else "removed"
        why.append(f"override {what}: {printable(new.override or old.override, 300)}")
    if old.late != new.late:
        late = (printable(one.late or "none", 200) for one in (old, new))
        why.append(f"lateness: {' → '.join(late)}")
    if _without_override(old) != _without_override(new) or not why:
        why += _why_graded(old, new, common)
    return tuple(why)


def _why_graded(old: StudentStanding, new: StudentStanding, common: list[str]) -> list[str]:
    why = []
    if old.sha256 != new.sha256:
        files = printable(new.file, 120), printable(old.file, 120)
        why.append(
            "code: the notebook has changed"
            if old.file == new.file
            else f"attempt: {files[0]} counts, {files[1]} before"
        )
    why += common
    if not common:
        if _most(old) != _most(new):
            why.append("rubric: other checks, or other points for them")
        differ = [name for name, value in new.ran.items() if old.ran.get(name, value) != value]
        if old.graded or not new.graded:
            why += [f"{name} {old.ran[name]} → {new.ran[name]}" for name in differ]
    return why or ["graded again after a fault" if not old.graded else "graded again"]


def _without_override(one: StudentStanding) -> tuple[object, ...]:
    return {
        id_: (points.graded, points.max_score) for id_, points in one.checks.items()
    }, one.graded


def _most(one: StudentStanding) -> dict[str, float]:
    return {id_: points.max_score for id_, points in one.checks.items()}


def _single(old: StudentStanding, new: StudentStanding) -> list[str]:
    """Return each check whose points changed, those of only one of the two states as well."""
    found = []
    for id_ in dict.fromkeys([*old.checks, *new.checks]):
        was, is_ = old.checks.get(id_), new.checks.get(id_)
        if _worth(was) != _worth(is_):
            title = printable((is_ or was).title, 60)  # type: ignore[union-attr]
            found.append(f"{title} {_worth(was)} → {_worth(is_)}")
    return found


def _worth(check: Points | None) -> str:
    return "none" if check is None else marks.points(check.score)


def _total(one: StudentStanding) -> str:
    decided = one.override.startswith("total ")  # single checks leave the others open
    return marks.points(one.total) if one.graded or decided else "not graded"
