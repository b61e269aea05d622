"""A course of two assignments with everything beside it, and what its outputs say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.batch.grading import table
from tests.batch.marked import marked, notebook
from tests.notebooks import code

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.grading import Ran

MLP, CNN, LINE = "mlp", "cnn", "linear_regression"
NAMES = {"kim": "Kim Minsu", "lee": "Lee Seoyeon", "choi": "Choi Yuna", "park": "Park Jiho"}
# Of each assignment who has how many points; park hands nothing in.
POINTS = {MLP: {"kim": 40, "lee": 60, "choi": 100}, CNN: {"kim": 80, "lee": 20}}
NAMED = ("--assignment", MLP, "--assignment", CNN)
COURSE = ("all", "-o", "g", "--course", "--roster", "roster.csv")
BOOK = "Student,ID,SIS Login ID,Section,First (1),Second (2)\n    Points Possible,,,,100,100\n"


@dataclass
class OneCourse:
    """A course's folder ``home``: ``all`` is what was handed in, ``g`` what came of it."""

    home: Path

    def __post_init__(self) -> None:
        for assignment, points in POINTS.items():
            for who, worth in points.items():
                self.hand_in(who, worth, assignment)
        rows = [f"{id_},{name}\n" for id_, name in NAMES.items()]
        (self.home / "roster.csv").write_text("id,name\n" + "".join(rows), encoding="utf-8")
        rows = [f"{name},{id_},,,,\n" for id_, name in NAMES.items()]
        (self.home / "book.csv").write_text(BOOK + "".join(rows), encoding="utf-8")

    @property
    def out(self) -> Path:
        return self.home / "g"

    def hand_in(self, who: str, points: int, assignment: str, name: str = "") -> None:
        self.put(who, f"{name or assignment}.ipynb", notebook(points, assignment=assignment))

    def put(self, who: str, name: str, data: bytes) -> None:
        path = self.home / "all" / who / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def grade(self, *arguments: str) -> Ran:
        return marked(*arguments, home=self.home)

    def first(self, *more: str) -> Ran:
        ran = self.grade(*COURSE, *NAMED, *more)
        assert ran.status == 0, ran
        return ran

    def again(self) -> Ran:
        """Grade what there is now."""
        return self.grade("all", "-o", "g")

    def rows(self) -> dict[str, dict[str, str]]:
        """Return the rows of the course's table by student."""
        return {row["id"]: row for row in table(self.out / "grades.csv")}

    def points(self) -> dict[str, tuple[str, str, str]]:
        """Return everyone's cells: both assignments, and the total."""
        return {id_: (row[MLP], row[CNN], row["total"]) for id_, row in self.rows().items()}


def essay() -> bytes:
    """Return a notebook that holds no part of any assignment."""
    return json.dumps(code(["words = 'An essay.'"])).encode()


def both() -> bytes:
    """Return a notebook with all of two assignments, and no mark of either."""
    first, second = (json.loads(notebook(100, assignment=name)) for name in (MLP, CNN))
    cells = [*first["cells"], *second["cells"]]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return json.dumps({**first, "metadata": {}, "cells": cells}).encode()


def with_mark(data: bytes, mark: str | None) -> bytes:
    """Return a notebook with another mark of its assignment, or with none."""
    made = json.loads(data)
    made["metadata"] = {} if mark is None else {"grader": {"assignment": mark}}
    return json.dumps(made).encode()
