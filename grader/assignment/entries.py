"""Reads single entries of an assignment's files: a role, a part, a blank, a check, an answer."""

from __future__ import annotations

import re
from typing import Any

from grader.assignment.model import Alternative, Blank, Check, Edit, Mistake, Part, Role, Words

_PART_KINDS = ("class", "function", "loop")
_CREDITS = ("whole", "each_blank")


def role_of(entry: dict[str, Any]) -> Role:
    """Read a role; raises ``KeyError`` or ``ValueError``, as all of these do."""
    return Role(
        id=entry["id"],
        names=tuple(entry["names"]),
        made_by=tuple(entry.get("made_by", ())),
        made_of=entry.get("made_of", ""),
        part=entry.get("part", ""),
        title=entry.get("title", ""),
    )


def part_of(entry: dict[str, Any]) -> Part:
    """Read a part."""
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
        about=tuple(entry.get("about", ())),
    )


def blank_of(entry: dict[str, Any]) -> Blank:
    """Read a blank."""
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


def check_of(entry: dict[str, Any]) -> Check:
    """Read a check: what is no key of every check is an option of its kind."""
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


def mistake_of(entry: dict[str, Any]) -> Mistake:
    """Read a listed mistake."""
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


def alternative_of(entry: dict[str, Any]) -> Alternative:
    """Read a right answer in other words."""
    return Alternative(entry["title"], _edits(entry))
