"""What was asked for is refused before anything runs, and a class's points reach its gradebook."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.batch.marked import marked, notebook

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"
ROWS = {1: "Kim, Minsu", 2: "Lee, Seoyeon", 3: "Oh, Hana"}


def book(*titles: str) -> str:
    columns = ",".join(f"{title} ({i})" for i, title in enumerate(titles, 70))
    empty = "," * len(titles)
    rows = "".join(f'"{name}",{i},S{i},u{i},A{empty}\n' for i, name in ROWS.items())
    return f"{HEAD},{columns}\n    Points Possible,,,,{',100' * len(titles)}\n{rows}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a Canvas download (one file is no notebook) and gradebooks."""
    (tmp_path / "submissions").mkdir()
    for name, data in {
        "kimminsu_1_500_mlp": notebook(87),
        "leeseoyeon_2_501_mlp": b"this is no notebook",
    }.items():
        (tmp_path / "submissions" / f"{name}.ipynb").write_bytes(data)
    (tmp_path / "one.csv").write_text(book("Homework 1"))
    (tmp_path / "more.csv").write_text(book("Homework 1", "Homework 2"))
    (tmp_path / "named.csv").write_text(book("Homework 1", "MLP"))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "One.csv").write_text(book("Homework 1"))
    return tmp_path


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--gradebook", "none.csv"], "cannot read the gradebook none.csv"),
        (["--gradebook", "other.csv"], "no gradebook of Canvas"),
        (["--gradebook", "more.csv"], "several columns for points"),
        (["--gradebook", "one.csv", "--column", "Homework 2"], "no column of the gradebook"),
        (["--gradebook", "one.csv", "--gradebook", "other.csv"], "no gradebook of Canvas"),
        (
            ["--gradebook", "one.csv", "--gradebook", "again/One.csv"],
            "two gradebooks have the name",
        ),
        (["--zip", "moodle"], "Moodle would know again"),
    ],
)
def test_it_is_refused_before_anything_runs(home: Path, options: list[str], says: str) -> None:
    ran = marked("submissions", "-o", "out", *options, home=home)
    assert ran.status == 2
    assert says in ran.err
    assert "hint:" in ran.err or "cannot read" in says
    assert not (home / "out" / "results.jsonl").exists()
    assert not (home / "out" / "feedback").exists()


def test_a_column_of_one_gradebook_leaves_another_its_only_column(home: Path) -> None:
    options = ["--gradebook", "more.csv", "--gradebook", "one.csv", "--column", "Homework 2"]
    ran = marked("submissions", "-o", "out", *options, home=home)
    assert ran.status == 1, "one notebook cannot be read"
    assert "more.csv: 1 of 2 students have their points in Homework 2" in ran.err
    assert "one.csv: 1 of 2 students have their points in Homework 1" in ran.err


def test_the_copy_that_was_filled_in_is_no_source(home: Path) -> None:
    ask = ("submissions", "-o", "out", "--gradebook")
    assert marked(*ask, "one.csv", home=home).status == 1  # one is no notebook
    filled = home / "out" / "gradebook" / "one.csv"
    before = filled.read_bytes()
    ran = marked(*ask, str(filled), home=home)
    assert ran.status == 2
    assert "take the place" in ran.err
    assert filled.read_bytes() == before


def test_points_reach_the_column_that_the_assignments_name_tells(home: Path) -> None:
    ran = marked(
        *("submissions", "-o", "out", "--roster", "named.csv", "--gradebook", "named.csv"),
        *("--format", "nbgrader", "--zip", "canvas"),
        home=home,
    )
    with (home / "out" / "gradebook" / "named.csv").open() as file:
        cells = {row["Student"]: row["MLP (71)"] for row in csv.DictReader(file)}
    assert cells == {
        "    Points Possible": "100",
        "Kim, Minsu": "87",
        "Lee, Seoyeon": "",
        "Oh, Hana": "",
    }
    assert "the column was chosen by the assignment's name" in ran.err
    assert "could not be read, and their cells are as they were: Lee, Seoyeon" in ran.err
    for name, of_id in {"grades.csv": "id", "nbgrader.csv": "student_id"}.items():
        with (home / "out" / name).open(encoding="utf-8-sig") as file:
            scores = {row[of_id]: row["score"] for row in csv.DictReader(file)}
        assert scores == {"1": "87", "2": "", "3": ""}
