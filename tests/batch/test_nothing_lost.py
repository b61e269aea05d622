"""What would take everyone's points out of a folder, or leave old ones, is refused or told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.batch.store import Store
from tests.batch.one_class import OneClass, files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def one(tmp_path: Path) -> OneClass:
    made = OneClass(tmp_path)
    made.first()
    return made


def test_a_notebook_that_is_gone_costs_nobody_the_points(one: OneClass) -> None:
    before = files(one.out)
    (one.home / "in" / "kim.ipynb").unlink()
    ran = one.grade("-o", "g", "--only", "kim")
    assert ran.status == 2
    assert "in/kim.ipynb is not there any more, and nothing was changed" in ran.err
    assert files(one.out) == before


def test_what_a_version_without_memory_left_is_told(one: OneClass) -> None:
    with Store(one.out / "grades.db") as store:
        store._do("DELETE FROM facts WHERE name IN ('asked', 'released')")
    ran = one.grade("-o", "g")
    assert ran.status == 2
    assert "did not remember the PATHs" in ran.err
    ran = one.grade("rescore", "g")
    assert ran.status == 0
    assert "gradebook/book.csv was there before, and may hold older points" in ran.err
    assert "was there before" not in one.grade("rescore", "g", "--gradebook", "book.csv").err


@pytest.mark.parametrize("named", [False, True])
def test_the_next_assignments_hand_ins_take_nobodys_points(one: OneClass, *, named: bool) -> None:
    if named:
        assert one.grade("-o", "g", "--assignment", "mlp").status == 0
    before = files(one.out)
    other = load_assignment("linear_regression").reference.read_bytes()
    for path in (one.home / "in").iterdir():
        path.write_bytes(other)
    ran = one.grade("in", "-o", "g")
    assert ran.status == 2
    assert "another assignment; nothing was changed" in ran.err
    assert files(one.out) == before
