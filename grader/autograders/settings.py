"""What was decided when a bundle was built, as a file in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from grader.decode import DecodingError, decode
from grader.detail import SCORE
from grader.errors import GraderError

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = "grader.json"
POLICY = "policy.toml"
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


@dataclass(frozen=True)
class Settings:
    """How a bundle grades: ``folder`` is its edition's.

    The first ``hints`` attempts are told as much as ``detail`` says, later ones their points alone;
    without a number every attempt is told as much.
    """

    folder: str
    detail: Literal["score", "hint", "full"] = "full"
    hints: int | None = None
    isolation: Literal["auto", "strict", "basic", "none"] = "auto"
    visibility: Literal["visible", "after_due_date", "after_published", "hidden"] = "visible"

    def written(self) -> bytes:
        """Return the file's content."""
        return (json.dumps(asdict(self), indent=2) + "\n").encode()

    def detail_of(self, attempt: int | None) -> str:
        """Return how much an attempt is told; where its number is not known, no more than any."""
        if self.hints is None or (attempt is not None and attempt <= self.hints):
            return self.detail
        return SCORE


def read_settings(bundle: Path) -> Settings:
    """Return a bundle's settings; raises ``GraderError`` where there are none."""
    try:
        data = json.loads((bundle / SETTINGS).read_text(encoding="utf-8"))
        return decode(Settings, data)
    except (OSError, ValueError, DecodingError) as error:
        raise GraderError(
            f"{bundle / SETTINGS} is no bundle's settings: {error}", "build the bundle anew"
        ) from None
