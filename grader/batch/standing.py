"""What a student has in a class's results: read from ``results.jsonl``, small enough to keep."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from grader.decode import DecodingError, decode
from grader.errors import GraderError
from grader.points import points
from grader.report import Status
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RESULTS = "results.jsonl"
_MOST_BYTES = 1024 * 1024 * 1024
# What reading a line raises that is no result.
_NO_RESULT = (AttributeError, ArithmeticError, KeyError, TypeError, ValueError, RecursionError)
_AGAIN = "name a folder that grade -o wrote, or its results.jsonl"


@dataclass(frozen=True)
class Points:
    """The points of one check, a TA's decision included; ``graded`` are those without it."""

    title: str
    score: float
    graded: float
    max_score: float


@dataclass(frozen=True)
class StudentStanding:
    """One student's points and what they were given for.

    ``override`` is a TA's decision in words. ``words`` is a digest of all that the student reads.
    ``graded`` is false where the file could not be read or the grader failed. ``ran`` are the seed,
    the device and the like. ``late`` is in words what being late has cost, or an extension.
    """

    id: str
    name: str
    total: float
    max_score: float
    checks: Mapping[str, Points]
    file: str
    sha256: str
    override: str
    words: str
    graded: bool
    ran: Mapping[str, str]
    late: str = ""

    @property
    def shown(self) -> str:
        """The name with the id, as safe text."""
        id_ = printable(self.id, 60)
        return f"{printable(self.name, 40)} ({id_})" if self.name and self.name != self.id else id_


def read_standings(path: Path) -> dict[str, StudentStanding]:
    """Return the standings in a folder of results, or in its ``results.jsonl``, by student's id.

    Raises ``GraderError`` for anything else.
    """
    shown = printable(str(path), 200)
    file = path / RESULTS if path.is_dir() else path
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise GraderError(f"{shown} is too large to be a class's results", _AGAIN)
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise GraderError(f"{shown} holds no results: {printable(why, 80)}", _AGAIN) from None
    found = {}
    for number, line in enumerate(lines, start=1):
        try:
            one = _standing(json.loads(line))
        except _NO_RESULT:
            raise GraderError(f"{shown}: line {number} is no result of a student", _AGAIN) from None
        if one.id in found:
            raise GraderError(f"{shown}: line {number} is a second result of {one.shown}", _AGAIN)
        found[one.id] = one
    if not found:
        raise GraderError(f"{shown} holds no results: it is empty", _AGAIN)
    return found


def to_plain(standings: Mapping[str, StudentStanding]) -> list[dict[str, Any]]:
    """Return standings as plain data."""
    return [asdict(one) for one in standings.values()]


def from_plain(plain: Any) -> dict[str, StudentStanding]:
    """Return the standings that ``to_plain`` gave; none for anything else."""
    try:
        found = decode(tuple[StudentStanding, ...], plain)
    except DecodingError:
        return {}
    return {one.id: one for one in found}


def _standing(line: dict[str, Any]) -> StudentStanding:
    override = line.get("override") or {}
    decided: dict[str, float] = override.get("checks") or {}
    ran = line["environment"]
    statuses = {check["status"] for check in line["checks"]}
    if not isfinite(line["score"]):
        raise ValueError
    told = [
        [{**check, "seconds": None} for check in line["checks"]],
        line["notes"],
        override.get("reason"),
    ]
    late = _lateness(line.get("deduction") or {})
    if late:
        told.append(line["deduction"])
    return StudentStanding(
        id=str(line["submission"]["student"]),
        name=str(line.get("name") or ""),
        total=float(line["score"]),
        max_score=float(line["max_score"]),
        checks={
            str(check["id"]): Points(
                str(check["title"]),
                float(decided.get(check["id"], check["score"])),
                float(check["score"]),
                float(check["max_score"]),
            )
            for check in line["checks"]
        },
        file=str(line["submission"]["path"]),
        sha256=str(line["submission"]["sha256"] or ""),
        override=_in_words(override),
        words=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        graded=line.get("group") is not None and Status.INTERNAL_ERROR not in statuses,
        late=late,
        ran={name: str(ran[name]) for name in ("seed", "device", "dataset", "torch", "python")},
    )


def _lateness(said: Mapping[str, Any]) -> str:
    told = []
    if said.get("days"):
        days, lost = int(said["days"]), said.get("points")
        off = "points open" if lost is None else f"{points(float(lost))} points off"
        told.append(f"{days} day{'s' if days > 1 else ''} late, {off}")
    if said.get("extension"):
        told.append(f"due {said['due']}: {said['extension']['reason']}")
    return "; ".join(told)


def _in_words(override: Mapping[str, Any]) -> str:
    if not override:
        return ""
    decided = {"total": override["score"]} if override.get("score") is not None else {}
    decided |= override.get("checks") or {}
    given = ", ".join(f"{name} {float(score):g}" for name, score in decided.items())
    by = f" ({override['by']})" if override.get("by") else ""
    return f"{given}: {override['reason']}{by}"
