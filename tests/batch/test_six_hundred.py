"""A whole class in one command: everyone's verdict, and what it takes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.batch.conftest import COMMAND
from tests.batch.grading import agrees, by_student, statuses, timeless
from tests.batch.making import SyntheticClass, make_class
from tests.benchmarks.watching import Watched, watched

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = ("--device", "cpu", "--seed", "1")


def graded(made: SyntheticClass, home: Path, *more: str) -> Watched:
    made.write(home / "submissions")
    made.write_roster(home / "roster.csv")
    return watched([sys.executable, "-m", "grader", *COMMAND, *OPTIONS, *more], home)


@pytest.mark.weekly
def test_six_hundred_students(tmp_path: Path) -> None:
    made = make_class(600)
    taken = graded(made, tmp_path)
    assert taken.status == 1, taken.stderr
    lines = by_student(tmp_path / "graded")
    assert len(lines) == 600
    wrong = {
        member.handed.label: statuses(lines[member.student.id])
        for member in made.members
        if member.handed.verdict is not None
        and not agrees(lines[member.student.id], member.handed.verdict)
    }
    assert wrong == {}
    assert not [id_ for id_, line in lines.items() if "internal_error" in json.dumps(line)]
    programs = {line["group"] for line in lines.values()}
    assert 55 < len(programs) < 85
    assert len(list((tmp_path / "graded/feedback").iterdir())) == 600
    assert taken.main < 500, "MiB"
    assert taken.all < 2000, "MiB, the reservations of the memory bomb included"


@pytest.mark.slow
def test_each_by_itself_gives_the_same(tmp_path: Path) -> None:
    made = make_class(40, seed=9, programs=12, hostile=2, broken=2)
    for name, more in (("together", ()), ("alone", ("--no-grouping",))):
        assert graded(made, tmp_path / name, *more).status == 1
    together, alone = (by_student(tmp_path / name / "graded") for name in ("together", "alone"))
    for id_, line in together.items():
        assert timeless(alone[id_]) == timeless(line)
