"""All outputs of a folder are from one state of one class, whatever was named last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.batch.marked import notebook
from tests.batch.one_class import NAMES, POINTS, OneClass, changes_of, files, said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def one(tmp_path: Path) -> OneClass:
    made = OneClass(tmp_path)
    made.first()
    return made


def everywhere(one: OneClass, **points: float) -> None:
    """Check that every output says these points."""
    for where, found in said(one.out).items():
        assert found == points, where


def test_what_was_asked_for_once_is_written_by_every_later_run(one: OneClass) -> None:
    everywhere(one, **POINTS)
    one.hand_in("kim", 90)
    ran = one.grade("-o", "g")
    assert ran.status == 0
    assert "as before: --roster roster.csv --gradebook book.csv" in ran.err
    everywhere(one, **{**POINTS, "kim": 90})
    one.decide(lee=5)
    assert one.grade("rescore", "g").status == 0
    everywhere(one, **{**POINTS, "kim": 90, "lee": 5})


def test_from_another_folder_too(one: OneClass, tmp_path: Path) -> None:
    before = files(one.out)
    (tmp_path / "elsewhere").mkdir()
    one.home = tmp_path / "elsewhere"
    assert one.grade("-o", str(tmp_path / "g")).status == 0
    after = files(tmp_path / "g")
    assert after["gradebook/book.csv"] == before["gradebook/book.csv"]
    assert after.keys() == before.keys()
    one.home = tmp_path
    one.hand_in("kim", 90)
    one.home = tmp_path / "elsewhere"
    assert one.grade("-o", str(tmp_path / "g"), "--only", "kim").status == 0
    assert said(tmp_path / "g")["results"] == {**POINTS, "kim": 90}


@pytest.mark.parametrize("command", [("-o", "g"), ("rescore", "g")])
def test_what_is_gone_is_taken_from_the_copy_and_that_is_said(
    command: tuple[str, ...], one: OneClass
) -> None:
    before = files(one.out)
    for name in ("roster.csv", "book.csv"):
        (one.home / name).unlink()
    ran = one.grade(*command)
    assert ran.status == 0
    assert "book.csv is gone: the copy that the class's folder keeps is used" in ran.err
    assert ("roster.csv is gone" in ran.err) is (command[0] == "-o")
    assert files(one.out) == before


def test_what_changed_is_read_anew(one: OneClass) -> None:
    one.write_roster(section="B")
    text = (one.home / "book.csv").read_text()
    (one.home / "book.csv").write_text(text.replace("Park Jiho,park,,,\n", ""))
    one.grade("-o", "g")
    assert "park" not in said(one.out)["gradebook"]
    assert ",B," in (one.out / "grades.csv").read_text(encoding="utf-8-sig")


def test_a_new_value_replaces_and_what_was_written_for_the_old_one_goes(one: OneClass) -> None:
    (one.home / "book.csv").rename(one.home / "new.csv")
    ran = one.grade("-o", "g", "--gradebook", "new.csv", "--format", "nbgrader")
    assert "removed, since it is no longer asked for: gradebook/book.csv" in ran.err
    assert {path.name for path in (one.out / "gradebook").iterdir()} == {"new.csv"}
    assert (one.out / "nbgrader.csv").exists()
    ran = one.grade("rescore", "g", "--forget", "gradebook", "--forget", "format")
    assert not list((one.out / "gradebook").iterdir())
    assert not (one.out / "nbgrader.csv").exists()
    assert "as before" not in one.grade("rescore", "g").err


@pytest.mark.parametrize(
    ("command", "error", "hint"),
    [
        (("one/choi.ipynb", "-o", "g"), "3 of 4 students", "--only STUDENT"),
        (("one", "-o", "g"), "3 of 4 students", "--replace"),
        (("-o", "g", "--only", "zzz"), "no such student", "grades.csv"),
        (("-o", "g", "--only", "parc"), "no such student", "did you mean park (Park Jiho)?"),
        (("-o", "g", "--only", "i"), "may be choi", "by the id"),
        (("one/choi.ipynb", "-o", "g", "--only", "kim"), "none of the notebooks", "own notebook"),
        (
            ("-o", "g", "--only", "kim", "--timeout", "7"),
            "was graded with the same",
            "grade -o OUT",
        ),
        (("in", "-o", "g", "--assignment", "linear_regression"), "another assignment", "-o"),
        (("in", "-o", "new", "--column", "MLP"), "there is none", "--gradebook FILE"),
        (("-o", "new"), "new holds no graded class", "grade PATH -o OUT"),
        (("in", "-o", "new", "--only", "kim"), "new holds no graded class", "grade PATH -o OUT"),
        (("rescore", "g", "--device", "cpu"), "--device changes that", "grade -o OUT --device"),
        (("rescore", "g", "--roster", "roster.csv"), "--roster changes that", "--roster"),
        (("rescore", "g", "in"), "PATH changes that", "grade -o OUT PATH"),
    ],
)
def test_what_would_mix_states_is_refused_and_nothing_changes(
    command: tuple[str, ...], error: str, hint: str, one: OneClass
) -> None:
    one.hand_in("choi", 80, "one")
    before = files(one.out)
    ran = one.grade(*command)
    assert ran.status == 2
    assert error in ran.err
    assert hint in ran.err
    assert files(one.out) == before
    assert not (one.home / "new").exists()
    assert one.grade("-o", "g").status == 0
    assert files(one.out) == before, "and nothing of it is remembered"


@pytest.mark.parametrize("name", ["kim", "Kim Minsu", "KIM minsu", "insu"])
def test_only_one_student(name: str, one: OneClass) -> None:
    for id_ in ("kim", "lee"):
        one.hand_in(id_, 90)
    ran = one.grade("-o", "g", "--only", name)
    assert ran.status == 0
    everywhere(one, **{**POINTS, "kim": 90})
    assert [line.partition(":")[0] for line in changes_of(ran)[1:]] == ["  Kim Minsu (kim)"]


def test_only_one_student_with_a_notebook_from_elsewhere(one: OneClass) -> None:
    one.hand_in("choi", 80, "one").rename(one.home / "one" / "fixed.ipynb")
    one.grade("one/fixed.ipynb", "-o", "g", "--only", "choi")
    everywhere(one, **{**POINTS, "choi": 80})
    one.grade("in", "-o", "g")
    everywhere(one, **{**POINTS, "choi": 80})
    one.grade("rescore", "g")
    everywhere(one, **{**POINTS, "choi": 80})
    (one.home / "one" / "fixed.ipynb").unlink()
    ran = one.grade("in", "-o", "g")
    assert ran.status == 2
    assert "--only choi named a notebook that is not there any more" in ran.err
    one.grade("in", "-o", "g", "--forget", "only")
    everywhere(one, **POINTS)


def test_who_is_missing_can_hand_in_later(one: OneClass) -> None:
    text = (one.home / "roster.csv").read_text()
    (one.home / "roster.csv").write_text(text + "seo,Seo Late,A\n")
    assert "1 missing" in one.grade("-o", "g").out
    one.hand_in("seo", 55, "one")
    ran = one.grade("one/seo.ipynb", "-o", "g", "--only", "Seo Late")
    assert "new in the class, 1: Seo Late (seo)" in ran.out
    assert said(one.out)["results"] == {**POINTS, "seo": 55}
    assert "missing" not in ran.out


def test_a_new_id_for_the_same_notebook_drops_nobody(tmp_path: Path) -> None:
    one = OneClass(tmp_path)
    one.grade("in", "-o", "g")
    rows = [f"2025{n},{name}\n" for n, name in enumerate(NAMES.values())]
    (one.home / "ids.csv").write_text("id,name\n" + "".join(rows))
    for id_, name in NAMES.items():
        (one.home / "in" / f"{id_}.ipynb").rename(one.home / "in" / f"{name}.ipynb")
    ran = one.grade("in", "-o", "g", "--roster", "ids.csv")
    assert ran.status == 0
    assert set(said(one.out)["results"]) == {f"2025{n}" for n in range(4)}
    (one.home / "in" / "Kim Minsu.ipynb").unlink()
    assert "1 of 4 students" in one.grade("in", "-o", "g").err


def test_replace_lets_go_and_says_so(one: OneClass) -> None:
    one.hand_in("choi", 80, "one")
    ran = one.grade("one/choi.ipynb", "-o", "g", "--replace")
    assert ran.status == 0
    assert "no longer in the class, 3: Kim Minsu (kim)" in ran.out
    assert said(one.out)["results"] == {"choi": 80}
    assert {path.name for path in (one.out / "feedback").iterdir()} == {"choi.html"}


def test_each_run_says_whose_points_changed_and_why(one: OneClass) -> None:
    assert changes_of(one.grade("-o", "g")) == ["0, only words for 0"]
    one.hand_in("kim", 90)
    (one.home / "in" / "lee.ipynb").unlink()
    one.hand_in("lee", 70).rename(one.home / "in" / "Lee Seoyeon.ipynb")
    lines = changes_of(one.grade("-o", "g"))
    assert lines[0] == "2, only words for 0"
    assert lines[1].startswith("  Kim Minsu (kim): 40 → 90 (layer shapes 8 → 18, ")
    assert lines[1].endswith("; code: the notebook has changed")
    assert lines[2].endswith("; attempt: in/Lee Seoyeon.ipynb counts, in/lee.ipynb before")
    one.decide(kim=50)
    assert changes_of(one.grade("rescore", "g"))[1] == (
        "  Kim Minsu (kim): 90 → 50; override added: total 50: seen 50"
    )
    one.decide(kim=51)
    assert "override changed: total 51" in changes_of(one.grade("-o", "g"))[1]
    one.decide()
    assert "51 → 90; override removed" in changes_of(one.grade("-o", "g"))[1]


def test_a_file_that_is_no_notebook_any_more(one: OneClass) -> None:
    (one.home / "in" / "kim.ipynb").write_text("<html>")
    lines = changes_of(one.grade("-o", "g"))
    assert lines[1].startswith("  Kim Minsu (kim): 40 → not graded")
    (one.home / "in" / "kim.ipynb").write_bytes(notebook(40))
    assert "not graded → 40" in changes_of(one.grade("-o", "g"))[1]


def test_json_alone_on_stdout(one: OneClass) -> None:
    one.hand_in("kim", 90)
    ran = one.grade("-o", "g", "--json", "-")
    assert "points changed" not in ran.out
    assert "Kim Minsu (kim): 40 → 90" in ran.err
