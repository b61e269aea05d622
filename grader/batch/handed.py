"""Who handed in what, as text in the store: ``grade rescore`` has no folder to look at."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.classroom import Attempt, HandedIn, Student, Unclear


def to_text(handed_in: HandedIn) -> str:
    """Return it as JSON."""
    return json.dumps(asdict(handed_in), default=str)


def from_text(text: str) -> HandedIn:
    """Return what ``to_text`` wrote."""
    plain = json.loads(text)
    return HandedIn(
        counted=tuple(_attempt(entry) for entry in plain["counted"]),
        earlier=tuple(_attempt(entry) for entry in plain["earlier"]),
        missing=tuple(Student(**entry) for entry in plain["missing"]),
        unclear=tuple(Unclear(**entry) for entry in plain["unclear"]),
        layout=plain["layout"],
    )


def _attempt(plain: dict[str, Any]) -> Attempt:
    return Attempt(**{**plain, "student": Student(**plain["student"]), "path": Path(plain["path"])})
