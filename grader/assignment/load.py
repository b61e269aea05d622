"""Reads an assignment's folder: ``assignment.toml``, ``mistakes.toml``, ``alternatives.toml``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from grader.assignment.model import (
    Alternative,
    Assignment,
    Blank,
    Check,
    Edit,
    Mistake,
    Part,
    Role,
    Words,
)
from grader.errors import AssignmentError
from grader.report import Status

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PART_KINDS = ("class", "function", "loop")
_CREDITS = ("whole", "each_blank")


def course_files() -> Path:
    """Return the folder that holds ``reference/`` and ``student_templates/``.

    A wheel carries both inside the package; a checkout has them beside it.
    """
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_shipped"
    return shipped if (shipped / "reference").is_dir() else package.parent


def all_assignments(root: Path | None = None) -> tuple[Assignment, ...]:
    """Load every assignment under ``reference/`` of a course's folder (by default our own).

    Raises ``AssignmentError`` when there is none, or when one's files contradict themselves.
    """
    reference = (root or course_files()) / "reference"
    folders = sorted(path.parent for path in reference.glob("*/assignment.toml"))
    if not folders:
        raise AssignmentError(
            f"there is no assignment in {reference}", "name the folder in which reference/ lies"
        )
    return tuple(_assignment(folder.resolve()) for folder in folders)


def known_assignments() -> tuple[str, ...]:
    """Return the names of the assignments under ``reference/``."""
    found = (course_files() / "reference").glob("*/assignment.toml")
    return tuple(sorted(path.parent.name for path in found))


def load_assignment(name: str) -> Assignment:
    """Load an assignment by its name under ``reference/`` or by the path of its folder.

    Raises ``AssignmentError`` when there is none, or when its files contradict themselves.
    """
    files = course_files()
    folder = files / "reference" / name
    if not re.fullmatch(r"[\w-]+", name) or not folder.is_dir():
        folder = Path(name)
    if not (folder / "assignment.toml").is_file():
        raise AssignmentError(
            f"there is no assignment {name!r}",
            f"name one of {', '.join(known_assignments())}, or give a folder that holds an "
            "assignment.toml",
        )
    return _assignment(folder.resolve())


def _assignment(folder: Path) -> Assignment:
    table = _read(folder / "assignment.toml")
    where = f"{folder.name}/assignment.toml"
    try:
        checks = tuple(_check(entry) for entry in table["checks"])
        loaded = Assignment(
            id=table["id"],
            title=table["title"],
            folder=folder,
            reference=folder / table["notebook"],
            # A course's folder holds both: reference/NAME and student_templates.
            template=folder.parent.parent / "student_templates" / table["notebook"],
            data=folder / table["data"] if "data" in table else None,
            roles=tuple(
                Role(
                    entry["id"],
                    tuple(entry["names"]),
                    tuple(entry.get("made_by", ())),
                    entry.get("part", ""),
                    entry.get("title", ""),
                )
                for entry in table.get("roles", ())
            ),
            parts=tuple(_part(entry) for entry in table["parts"]),
            blanks=tuple(_blank(entry) for entry in table["blanks"]),
            checks=checks,
            mistakes=tuple(
                _mistake(entry) for entry in _list(folder / "mistakes.toml", "mistakes")
            ),
            alternatives=tuple(
                Alternative(entry["title"], _edits(entry))
                for entry in _list(folder / "alternatives.toml", "alternatives")
            ),
            words=_words(folder / "words.toml"),
        )
    except KeyError as error:
        raise AssignmentError(f"{where}: the key {error} is missing") from None
    except (TypeError, ValueError) as error:
        raise AssignmentError(f"{where}: {error}") from None
    _require_whole(loaded, where)
    return loaded


def _require_whole(assignment: Assignment, where: str) -> None:
    """Refuse names that lead nowhere: a typing mistake must not switch a check off."""
    parts = {part.id for part in assignment.parts}
    numbers = {blank.number for blank in assignment.blanks}
    ids = [check.id for check in assignment.checks]
    wrong = [
        f"blank {b.number} lies in no known part" for b in assignment.blanks if b.part not in parts
    ]
    wrong += [
        f"role {r.id}: no part {r.part!r}"
        for r in assignment.roles
        if r.part and r.part not in parts
    ]
    for check in assignment.checks:
        wrong += [f"check {check.id}: no part {p!r}" for p in check.parts if p not in parts]
        wrong += [f"check {check.id}: no blank {n}" for n in check.blanks if n not in numbers]
        needed = (*check.needs, *check.needs_right)
        wrong += [f"check {check.id}: needs unknown {n!r}" for n in needed if n not in ids]
    for mistake in assignment.mistakes:
        wrong += [
            f"mistake {mistake.code}: no check {c!r}" for c in mistake.verdict if c not in ids
        ]
        wrong += [
            f"mistake {mistake.code}: no status {s!r}"
            for statuses in mistake.verdict.values()
            for s in statuses
            if s not in {status.value for status in Status}
        ]
    for edits in [m.edits for m in assignment.mistakes] + [
        a.edits for a in assignment.alternatives
    ]:
        wrong += [
            f"an edit names no blank {e.blank}" for e in edits if e.blank and e.blank not in numbers
        ]
        wrong += [
            f"an edit names no part {e.part!r}" for e in edits if e.part and e.part not in parts
        ]
    if len(set(ids)) != len(ids) or len(numbers) != len(assignment.blanks):
        wrong.append("a check or a blank stands twice")
    if wrong:
        raise AssignmentError(f"{where}: {wrong[0]}", "correct the assignment's files")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(f"cannot read {path.name}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise AssignmentError(f"{path.name} is not valid TOML: {error}") from None


def _list(path: Path, key: str) -> list[dict[str, Any]]:
    return list(_read(path).get(key, ())) if path.is_file() else []


def _words(path: Path) -> dict[str, Words]:
    table = _read(path) if path.is_file() else {}
    return {code: Words(**entry) for code, entry in table.items()}


def _part(entry: dict[str, Any]) -> Part:
    if entry["kind"] not in _PART_KINDS:
        raise ValueError(f"part {entry['id']}: kind is one of {', '.join(_PART_KINDS)}")
    return Part(
        id=entry["id"],
        title=entry["title"],
        kind=entry["kind"],
        name=entry.get("name", ""),
        attributes=tuple(entry.get("attributes", ())),
        calls=tuple(entry.get("calls", ())),
        iterates=entry.get("iterates", ""),
        updates=tuple(entry.get("updates", ())),
        surest=entry.get("surest", ""),
        unlike=tuple(entry.get("unlike", ())),
    )


def _blank(entry: dict[str, Any]) -> Blank:
    re.compile(entry["anchor"])
    return Blank(
        number=int(entry["number"]),
        part=entry["part"],
        title=entry["title"],
        kind=entry["kind"],
        patterns=tuple(entry["patterns"]),
        anchor=entry["anchor"],
        neutral=entry["neutral"],
        hint=entry.get("hint", ""),
    )


def _check(entry: dict[str, Any]) -> Check:
    known = {"id", "kind", "title", "points", "parts", "blanks", "seconds"}
    known |= {"processor_seconds", "credit", "needs", "needs_right", "partial"}
    credit = entry.get("credit", "whole")
    processor = entry.get("processor_seconds")
    if credit not in _CREDITS:
        raise ValueError(f"check {entry['id']}: credit is one of {', '.join(_CREDITS)}")
    return Check(
        id=entry["id"],
        kind=entry.get("kind", entry["id"]),
        title=entry["title"],
        points=float(entry["points"]),
        parts=tuple(entry["parts"]),
        blanks=tuple(entry["blanks"]),
        seconds=float(entry["seconds"]),
        credit=credit,
        needs=tuple(entry.get("needs", ())),
        needs_right=tuple(entry.get("needs_right", ())),
        partial={str(code): float(share) for code, share in entry.get("partial", {}).items()},
        options={key: value for key, value in entry.items() if key not in known},
        processor_seconds=float(processor) if processor is not None else None,
    )


def _edits(entry: dict[str, Any]) -> tuple[Edit, ...]:
    """Read one edit written flat (blank, answer; or part, find, replace), or several."""
    edits = []
    for edit in entry.get("edits", [entry]):
        if "answer" in edit:
            edits.append(Edit(text=edit["answer"], blank=int(edit["blank"])))
        else:
            edits.append(Edit(text=edit["replace"], part=edit["part"], find=edit["find"]))
    return tuple(edits)


def _statuses(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _mistake(entry: dict[str, Any]) -> Mistake:
    words = {key: entry[key] for key in ("summary", "message", "why", "hint") if key in entry}
    edits = _edits(entry)
    blanks = {edit.blank for edit in edits}
    return Mistake(
        code=entry["code"],
        edits=edits,
        verdict={check: _statuses(value) for check, value in entry["verdict"].items()},
        blank=entry.get("blank", blanks.pop() if len(blanks) == 1 else None),
        only_text=bool(entry.get("only_text", False)),
        patterns=tuple(entry.get("patterns", ())),
        words=Words(**words) if words else None,
    )
