"""Archives of more than any class hands in."""

from __future__ import annotations

import pytest

from grader.errors import GraderError
from tests.intake.making import found, ids, zipped
from tests.trusted.counting import counted


def test_more_students_than_any_class_has(tmp_path, monkeypatch):
    path = zipped(tmp_path / "class.zip", *(f"{n}.ipynb" for n in range(9)))
    monkeypatch.setattr("grader.intake.caps.STUDENTS", 9)
    assert len(found(path).counted) == 9
    monkeypatch.setattr("grader.intake.caps.STUDENTS", 8)
    with pytest.raises(GraderError, match="what 9 students handed in; 8 is the most") as refused:
        found(path)
    assert "one class" in refused.value.hint


def test_many_entries_take_one_pass(tmp_path):
    names = [f"{'x' * 40}{n}.ipynb" for n in range(1_200)]
    calls = []
    for count in (300, 600, 1_200):
        path = zipped(tmp_path / f"{count}.zip", *names[:count])
        with counted() as one:
            found(path)
        calls.append(one.count)
    assert calls[2] - calls[1] < 3 * (calls[1] - calls[0])


def test_a_name_that_no_disk_would_take(tmp_path):
    long = f"{'x' * 5_000}/a.ipynb"
    handed_in = found(zipped(tmp_path / "class.zip", "kim.ipynb", long))
    assert ids(handed_in) == ["kim"]
    (odd,) = handed_in.unclear
    assert "too long" in odd.reason
