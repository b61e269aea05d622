"""The stand-in engine that other tests rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.batch.grading import by_student, table
from tests.batch.marked import marked, notebook, planted

if TYPE_CHECKING:
    from pathlib import Path


def test_points_are_those_planted(tmp_path: Path) -> None:
    handed = {"kim": notebook(37), "lee": notebook(100), "oh": notebook(55, blank=True)}
    (tmp_path / "in").mkdir()
    for name, data in handed.items():
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(data)
    ran = marked("in", "-o", "out", home=tmp_path)
    assert (ran.status, ran.err.count("error:")) == (0, 0), ran.err
    found = {row["id"]: row["score"] for row in table(tmp_path / "out" / "grades.csv")}
    assert found == {"kim": "37", "lee": "100", "oh": "0"}
    lines = by_student(tmp_path / "out")
    assert {check["status"] for check in lines["oh"]["checks"]} == {"not_attempted"}
    assert planted(handed["oh"].decode()) == 55


def test_rescore_and_another_run_read_the_same(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "kim.ipynb").write_bytes(notebook(80))
    assert marked("in", "-o", "out", home=tmp_path).status == 0
    before = (tmp_path / "out" / "results.jsonl").read_bytes()
    rescored = marked("rescore", "out", home=tmp_path, seed="1")
    assert rescored.status == 0, rescored.err
    assert marked("in", "-o", "out", home=tmp_path).status == 0
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before
