"""A class whose download tells when each was handed in, and what its outputs say of late work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.batch.grading import table
from tests.batch.marked import marked, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.grading import Ran

DUE = "2025-03-01T23:59:00"
# Everyone's points, and when they handed in: in time, 11 minutes late, in the second day, after 8.
HANDED_IN = {
    "kim": (90, "2025-03-01-23-58-01"),
    "lee": (80, "2025-03-02-00-10-00"),
    "choi": (100, "2025-03-03-10-00-00"),
    "park": (60, "2025-03-09-10-00-00"),
}
BOOK = "Student,ID,SIS Login ID,Section,MLP (1)\n    Points Possible,,,,100\n"
FIRST = ("in", "-o", "g", "--assignment", "mlp", "--gradebook", "book.csv")


@dataclass
class LateClass:
    """A class's folder ``home``: ``in`` is Blackboard's download, ``g`` what came of it."""

    home: Path

    def __post_init__(self) -> None:
        self.out.mkdir()
        for id_, (points, time) in HANDED_IN.items():
            self.hand_in(id_, time, notebook(points))
        rows = [f"{id_.title()},{id_},,,\n" for id_ in HANDED_IN]
        (self.home / "book.csv").write_text(BOOK + "".join(rows), encoding="utf-8")

    @property
    def out(self) -> Path:
        return self.home / "g"

    def hand_in(self, id_: str, time: str, data: bytes) -> None:
        (self.home / "in").mkdir(exist_ok=True)
        name = f"Homework 1_{id_}_attempt_{time}"
        (self.home / "in" / f"{name}_mlp.ipynb").write_bytes(data)
        (self.home / "in" / f"{name}.txt").write_text(f"Name: {id_.title()} ({id_})\n")

    def decide(self, text: str = "", **rules: str) -> None:
        """Write the class's policy."""
        fields = {"due": DUE, "zone": '"Asia/Seoul"', "loss_a_day": "10"} | rules
        lines = [f"{key} = {value}\n" for key, value in fields.items() if value]
        (self.out / "policy.toml").write_text("".join(lines) + text, encoding="utf-8")

    def times(self, text: str) -> tuple[str, str]:
        (self.home / "times.csv").write_text("id,time\n" + text, encoding="utf-8")
        return "--times", "times.csv"

    def grade(self, *arguments: str) -> Ran:
        return marked(*(arguments or FIRST), home=self.home)

    def graded(self, *arguments: str) -> Ran:
        ran = self.grade(*arguments)
        assert ran.status == 0, ran
        return ran

    def row(self, id_: str) -> dict[str, str]:
        return next(row for row in table(self.out / "grades.csv") if row["id"] == id_)

    def points(self) -> dict[str, str]:
        return {row["id"]: row["score"] for row in table(self.out / "grades.csv")}

    def book(self) -> dict[str, str]:
        rows = table(self.out / "gradebook" / "book.csv")[1:]
        return {row["ID"]: row["MLP (1)"] for row in rows}

    def page(self, id_: str) -> str:
        return (self.out / "feedback" / f"{id_}.html").read_text(encoding="utf-8")


def extension(id_: str, **fields: str) -> str:
    lines = {"id": f'"{id_}"', "days": "3", "reason": '"ill"'} | fields
    return "[[extension]]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items() if v)
