"""Reads an assignment's folder: ``assignment.toml``, ``mistakes.toml``, ``alternatives.toml``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from grader.assignment.entries import (
    alternative_of,
    blank_of,
    check_of,
    mistake_of,
    part_of,
    role_of,
)
from grader.assignment.model import Assignment, Words
from grader.errors import AssignmentError
from grader.report import Status

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


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
        checks = tuple(check_of(entry) for entry in table["checks"])
        loaded = Assignment(
            id=table["id"],
            title=table["title"],
            folder=folder,
            reference=folder / table["notebook"],
            # A course's folder holds both: reference/NAME and student_templates.
            template=folder.parent.parent / "student_templates" / table["notebook"],
            data=folder / table["data"] if "data" in table else None,
            roles=tuple(role_of(entry) for entry in table.get("roles", ())),
            parts=tuple(part_of(entry) for entry in table["parts"]),
            blanks=tuple(blank_of(entry) for entry in table["blanks"]),
            checks=checks,
            mistakes=tuple(
                mistake_of(entry) for entry in _list(folder / "mistakes.toml", "mistakes")
            ),
            alternatives=tuple(
                alternative_of(entry)
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
    roles = {role.id for role in assignment.roles}
    wrong += [
        f"role {r.id}: made of no role {r.made_of!r}"
        for r in assignment.roles
        if r.made_of and r.made_of not in roles
    ]
    wrong += [
        f"part {p.id}: about no role {r!r}" for p in assignment.parts for r in {*p.about} - roles
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
