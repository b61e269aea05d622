"""A class of marked notebooks with everything beside it, and what all its outputs say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from grader.classroom import file_name
from tests.batch.grading import by_student, table
from tests.batch.marked import marked, notebook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.grading import Ran

POINTS = {"kim": 40, "lee": 60, "choi": 100, "park": 20}
NAMES = {"kim": "Kim Minsu", "lee": "Lee Seoyeon", "choi": "Choi Yuna", "park": "Park Jiho"}
FIRST = ("in", "-o", "g", "--roster", "roster.csv", "--gradebook", "book.csv")


@dataclass
class OneClass:
    """A class's folder ``home``: ``in`` is what was handed in, ``g`` what came of it."""

    home: Path
    points: dict[str, int] = field(default_factory=lambda: dict(POINTS))

    def __post_init__(self) -> None:
        (self.home / "one").mkdir(parents=True)
        (self.home / "in").mkdir()
        for id_, points in self.points.items():
            self.hand_in(id_, points)
        self.write_roster()
        head = "Student,ID,SIS Login ID,Section,MLP (1)\n    Points Possible,,,,100\n"
        rows = [f"{name},{id_},,,\n" for id_, name in NAMES.items()]
        (self.home / "book.csv").write_text(head + "".join(rows), encoding="utf-8")

    @property
    def out(self) -> Path:
        return self.home / "g"

    def hand_in(self, id_: str, points: int, folder: str = "in") -> Path:
        path = self.home / folder / f"{id_}.ipynb"
        path.write_bytes(notebook(points))
        return path

    def write_roster(self, section: str = "A") -> None:
        rows = [f"{id_},{name},{section}\n" for id_, name in NAMES.items()]
        text = "id,name,section\n" + "".join(rows)
        (self.home / "roster.csv").write_text(text, encoding="utf-8")

    def decide(self, **scores: int) -> None:
        entries = [
            f'[[student]]\nid = "{id_}"\nscore = {score}\nreason = "seen {score}"\n'
            for id_, score in scores.items()
        ]
        (self.out / "overrides.toml").write_text("".join(entries), encoding="utf-8")

    def grade(self, *arguments: str) -> Ran:
        return marked(*arguments, home=self.home)

    def first(self) -> Ran:
        ran = self.grade(*FIRST)
        assert ran.status == 0, ran
        return ran


def said(out: Path) -> dict[str, dict[str, float | None]]:
    """Return each output's points by student; those of the pages by what a student reads."""
    lines = by_student(out)
    book = out / "gradebook" / "book.csv"
    rows = table(book)[1:] if book.exists() else []
    return {
        "results": {id_: float(line["score"]) for id_, line in lines.items()},
        "grades": {r["id"]: float(r["score"]) for r in table(out / "grades.csv") if r["score"]},
        "pages": {id_: _on_page(out, id_) for id_ in lines},
        **({"gradebook": {r["ID"]: _number(r["MLP (1)"]) for r in rows}} if rows else {}),
    }


def _on_page(out: Path, id_: str) -> float | None:
    page = (out / "feedback" / f"{file_name(id_)}.html").read_text(encoding="utf-8")
    words = unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
    found = re.search(r"([0-9.]+)\s*/\s*100", words)
    return float(found[1]) if found else None


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def files(out: Path) -> dict[str, bytes]:
    """Return every file but the database, by its name."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith("grades.db")
    }


def changes_of(ran: Ran) -> list[str]:
    """Return the lines that a run prints of changes."""
    return ran.out.partition("points changed for ")[2].splitlines()


def record(out: Path) -> Any:
    """Return the results as plain data."""
    return [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
