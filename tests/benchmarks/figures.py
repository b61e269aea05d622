"""What a benchmark found: plain data that a table, a JSON file and a plot are made from."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Figure:
    """One thing measured, once a round: its median, least and most; ``target`` with its sign."""

    name: str
    unit: str
    values: tuple[float, ...]
    target: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the median keeps the target, ``None`` if there is none."""
        if not self.target:
            return None
        sign, number = self.target[0], float(self.target[1:])
        return self.median >= number if sign == "≥" else self.median <= number

    def plain(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "median": self.median,
            "least": min(self.values),
            "most": max(self.values),
            "met": self.met,
        }


@dataclass(frozen=True)
class Section:
    """What one benchmark found, and in words how; ``shares`` is for a plot of parts of a whole."""

    name: str
    title: str
    how: str
    figures: tuple[Figure, ...]
    shares: dict[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "how": self.how,
            "figures": [figure.plain() for figure in self.figures],
            "shares": self.shares,
        }

    @classmethod
    def from_plain(cls, name: str, plain: dict[str, Any]) -> Section:
        """Return what ``plain`` was made from."""
        names = [field.name for field in fields(Figure)]
        figures = tuple(
            Figure(**{**{key: found[key] for key in names}, "values": tuple(found["values"])})
            for found in plain["figures"]
        )
        return cls(name, plain["title"], plain["how"], figures, plain["shares"])


def figure(
    name: str, unit: str, values: Iterable[float], target: str = "", note: str = ""
) -> Figure:
    return Figure(name, unit, tuple(round(value, 4) for value in values), target, note)
