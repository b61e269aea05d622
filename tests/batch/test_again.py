"""The same command again: what is unchanged is kept, what changed is graded, and only that."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from grader.classroom import file_name
from tests.batch.conftest import COMMAND
from tests.batch.grading import USUAL, all_timeless, by_student, grade, timeless
from tests.batch.making import SyntheticClass, make_class, right
from tests.batch.noise import saved
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import GradedClass, SharedWorkers


@pytest.fixture
def few() -> SyntheticClass:
    """Four students, four programs: for what has to grade everyone anew."""
    return make_class(4, seed=11, programs=4, hostile=0, broken=0, missing=0)


def different(own: GradedClass, before: dict) -> set[str]:
    """Return the students whose results are not what they were, times included."""
    return {id_ for id_, line in by_student(own.out).items() if line != before.get(id_)}


@pytest.mark.slow
def test_nothing_changed(own: GradedClass, workers: SharedWorkers) -> None:
    before = {name: (own.out / name).read_bytes() for name in ("results.jsonl", "grades.csv")}
    ran = own.again()
    assert workers.started == 0, "PyTorch is not even started"
    assert ran.status == own.ran.status
    assert ran.out.partition("written")[0] == own.ran.out.partition("written")[0]
    assert {name: (own.out / name).read_bytes() for name in before} == before


def test_a_run_that_names_no_seed_goes_on_with_the_first_ones(
    own: GradedClass, workers: SharedWorkers
) -> None:
    usual = tuple(word for word in USUAL if word not in {"--seed", "20240611"})
    grade(*COMMAND, usual=usual, home=own.home)
    assert workers.started == 0


def test_a_changed_notebook_and_only_that(own: GradedClass, workers: SharedWorkers) -> None:
    before = by_student(own.out)
    member = next(m for m in own.made.members if m.handed.label.startswith("broken"))
    from random import Random  # noqa: PLC0415

    path = own.download / member.attempts[-1][0]
    path.write_bytes(saved(right().cells, Random(7)))
    own.again()
    assert different(own, before) == {member.student.id}
    assert by_student(own.out)[member.student.id]["score"] == 100
    assert workers.ran <= 1, "the program was run before"


def test_a_new_name_of_the_same_file_is_no_change(own: GradedClass, workers: SharedWorkers) -> None:
    counted = {
        line["submission"]["path"].rpartition("/")[2] for line in by_student(own.out).values()
    }
    old = next(path for path in own.download.iterdir() if path.name in counted)
    old.rename(old.with_name(old.name.replace("_mlp", "_homework")))
    own.again()
    assert workers.started == 0
    assert "_homework" in (own.out / "results.jsonl").read_text()


def test_who_left_is_in_no_output(own: GradedClass, workers: SharedWorkers) -> None:
    member = own.made.members[-1]
    for name, _, _ in member.attempts:
        (own.download / name).unlink()
    before = (own.out / "results.jsonl").read_bytes()
    ran = own.again()
    assert ran.status == 2
    assert "1 of 18 students" in ran.err
    assert (own.out / "results.jsonl").read_bytes() == before
    ran = own.again("--replace")
    assert workers.started == 0
    assert member.student.id not in by_student(own.out)
    assert "4 missing" in ran.out
    pages = {path.name for path in (own.out / "feedback").iterdir()}
    assert pages == {f"{file_name(id_)}.html" for id_ in by_student(own.out)}


def test_pages_are_written_again_for_those_whose_points_changed(own: GradedClass) -> None:
    pages = own.out / "feedback"
    before = {path.name: path.stat().st_mtime_ns for path in pages.iterdir()}
    (pages / "notes.html").write_text("mine")
    one, other, *_ = by_student(own.out)
    (pages / f"{file_name(other)}.html").write_text("half a page")
    decision = f'[[student]]\nid = "{one}"\nscore = 3\nreason = "x"\n'
    (own.out / "overrides.toml").write_text(decision)
    own.again()
    after = {path.name: path.stat().st_mtime_ns for path in pages.iterdir()}
    assert after.pop("notes.html")
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {f"{file_name(id_)}.html" for id_ in (one, other)}
    own.again("--show-answers")
    assert not [path for path in pages.iterdir() if path.stat().st_mtime_ns in before.values()]


@pytest.mark.slow
def test_a_new_seed(few: SyntheticClass, tmp_path: Path, workers: SharedWorkers) -> None:
    command = (few.write(tmp_path / "in"), "-o", tmp_path / "out")
    grade(*command)
    ran = workers.ran
    usual = ("--seed", "7", *(word for word in USUAL if word not in {"--seed", "20240611"}))
    grade(*command, usual=usual)
    assert workers.ran > ran + 3
    seeds = {line["environment"]["seed"] for line in by_student(tmp_path / "out").values()}
    assert seeds == {7}


@pytest.mark.slow
def test_a_changed_rubric(few: SyntheticClass, tmp_path: Path, workers: SharedWorkers) -> None:
    folder = tmp_path / "mlp"
    shutil.copytree(ROOT / "reference" / "mlp", folder)
    command = (few.write(tmp_path / "in"), "-o", tmp_path / "out", "--assignment", folder)
    grade(*command)
    ran = workers.ran
    rubric = folder / "assignment.toml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace("points = 20", "points = 30", 1), encoding="utf-8")
    grade(*command)
    assert {line["max_score"] for line in by_student(tmp_path / "out").values()} == {110}
    assert workers.ran == ran, "points are given to what was observed before"


@pytest.mark.slow
def test_results_depend_on_nobody_else(
    few: SyntheticClass, tmp_path: Path, workers: SharedWorkers
) -> None:
    del workers
    few.write(tmp_path / "in")
    grade(tmp_path / "in", "-o", tmp_path / "out", "--jobs", "1")
    for number, options in enumerate([("--jobs", "5"), ("--no-grouping",)]):
        other = tmp_path / f"other-{number}"
        grade(tmp_path / "in", "-o", other, *options)
        assert all_timeless(other) == all_timeless(tmp_path / "out"), options


@pytest.mark.slow
def test_results_depend_on_no_order(graded: GradedClass, own: GradedClass) -> None:
    """All but a few join later."""
    shutil.rmtree(own.out)
    own.download.rename(own.home / "all")
    own.download.mkdir()
    files = sorted((own.home / "all").iterdir(), reverse=True)
    for some in (files[:6], files[6:]):
        for path in some:
            shutil.copy(path, own.download)
        own.again()
    assert all_timeless(own.out) == all_timeless(graded.out)


@pytest.mark.slow
def test_alone_it_gets_what_it_gets_in_the_class(own: GradedClass, tmp_path: Path) -> None:
    member = next(m for m in own.made.members if m.handed.verdict not in ({}, None))
    path = own.download / member.attempts[-1][0]
    grade(path, "--json", tmp_path / "alone.json")
    alone = json.loads((tmp_path / "alone.json").read_text())
    line = by_student(own.out)[member.student.id]
    for key in ("checks", "notes", "score", "max_score", "assignment", "environment"):
        assert _plain(alone, key) == _plain(line, key), key


def _plain(line: dict, key: str) -> object:
    return json.loads(timeless({"checks": [], key: line[key]}))[key]
