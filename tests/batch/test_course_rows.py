"""Whatever one student of a course hands in, nobody else's points, pages or totals change."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.batch.marked import notebook
from tests.batch.one_class import files
from tests.batch.one_course import (
    CNN,
    COURSE,
    LINE,
    MLP,
    NAMED,
    OneCourse,
    both,
    essay,
    with_mark,
)

if TYPE_CHECKING:
    from pathlib import Path

WHO = "park"
KINDS = {
    "mlp.ipynb": notebook(70),
    "cnn.ipynb": notebook(70, assignment=CNN),
    "blank.ipynb": notebook(70, blank=True, assignment=CNN),
    "line.ipynb": notebook(70, assignment=LINE),
    "both.ipynb": both(),
    "essay.ipynb": essay(),
    "broken.ipynb": b'{"cells": [',
    "empty.ipynb": b"",
    "misnamed.ipynb": with_mark(notebook(70), CNN),
    "unknown.ipynb": with_mark(notebook(70), "../../grades"),
    "kim.ipynb": notebook(0),
    "lee/cnn.ipynb": notebook(0, assignment=CNN),
}


@pytest.mark.slow
@pytest.mark.parametrize("named", [NAMED, ()], ids=["named", "recognised"])
def test_one_students_hand_in_never_changes_anothers_row(tmp_path: Path, named: tuple[str, ...]):
    one = OneCourse(tmp_path)
    assert one.grade(*COURSE, *named).status == 0
    before = _of_the_others(one)
    rng = Random(14)
    names = [*KINDS]
    for _ in range(4):
        # Each kind comes alone or with others; what was handed in before stays.
        for name in rng.sample(names, min(3, len(names))):
            names.remove(name)
            one.put(WHO, name, KINDS[name])
        assert one.again().status in (0, 1)
        assert _of_the_others(one) == before
    assert set(one.rows()[WHO]) >= {MLP, CNN}


def _of_the_others(one: OneCourse) -> tuple[object, object]:
    """Return everybody else's cells in the course's table, and their pages."""
    cells = {who: points for who, points in one.points().items() if who != WHO}
    pages = {
        name: data
        for name, data in files(one.out).items()
        if "/feedback/" in name and WHO not in name
    }
    return cells, pages
