"""What the autograder writes for Classroom 50; the grading itself is a stand-in."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from grader.autograders.classroom50 import MOST_BYTES, packed_size, run
from grader.autograders.edition import full_edition
from grader.autograders.settings import SETTINGS, Settings
from grader.cli import main
from grader.errors import GraderError, InternalError
from grader.report import Status
from grader.reports.whole_points import whole_points
from tests.autograders import hand_ins
from tests.autograders.runner import RUNNER
from tests.autograders.schemas import classroom50_result
from tests.notebooks import solved, write
from tests.reports import samples
from tests.reports.hostile import DANGEROUS, hostile_report


def result(folder) -> dict:
    return classroom50_result((folder / "result.json").read_text())


def test_a_submission(published, tmp_path, verdict):
    verdict()
    write(solved(), tmp_path, "mlp.ipynb")
    run(published, tmp_path, RUNNER)
    data = result(tmp_path)
    assert (data["score"], data["max-score"]) == (56, 100)
    assert (data["classroom"], data["assignment"], data["owner"]) == ("cs", "hw-2", "kim")
    assert [test["passed"] for test in data["tests"]] == [True, True, False, False, False]
    assert "| FAIL | update order | 0 / 20 |" in (tmp_path / "release-body.md").read_text()


@pytest.fixture
def of_detail(published, mlp, tmp_path_factory):
    """Return the folder as it is built with some ``--detail``."""

    def copy(detail):
        folder = tmp_path_factory.mktemp("detail") / "mlp"
        shutil.copytree(published, folder)
        written = Settings(full_edition(mlp).folder, detail=detail).written()
        (folder / SETTINGS).write_bytes(written)
        return folder

    return copy


@pytest.mark.parametrize(
    ("detail", "seen", "hint"),
    [("full", True, True), ("hint", True, False), ("score", False, False)],
)
def test_how_much_is_told(detail, seen, hint, of_detail, tmp_path, verdict):
    verdict()
    write(solved(), tmp_path, "mlp.ipynb")
    run(of_detail(detail), tmp_path, RUNNER)
    assert result(tmp_path)["score"] == 56
    said = (tmp_path / "release-body.md").read_text() + (tmp_path / "result.json").read_text()
    assert ("never cleared" in said, "once per batch before" in said) == (seen, hint)


@pytest.mark.parametrize("detail", ["full", "score"])
@pytest.mark.parametrize("fill", [hand_ins.nothing, hand_ins.several, hand_ins.cut_off])
def test_what_is_no_hand_in_gets_no_points_and_the_reason(
    fill, detail, of_detail, tmp_path, verdict
):
    verdict(AssertionError("nothing is to be graded"))
    published = of_detail(detail)
    fill(tmp_path)
    run(published, tmp_path, RUNNER)
    data = result(tmp_path)
    assert (data["score"], data["max-score"]) == (0, 100)
    assert not any(test["passed"] for test in data["tests"])
    assert "not graded" in (tmp_path / "release-body.md").read_text()
    assert "raised an exception" not in json.dumps(data)


@pytest.mark.parametrize(
    "what",
    [samples.EVERY_STATUS, InternalError("no workers"), GraderError("not here"), OSError("disk")],
)
def test_where_the_grader_fails_there_is_no_result(what, published, tmp_path, verdict):
    verdict(what)
    write(solved(), tmp_path, "mlp.ipynb")
    with pytest.raises(Exception):  # noqa: B017 - whichever it is
        run(published, tmp_path, RUNNER)
    assert [path.name for path in tmp_path.iterdir()] == ["mlp.ipynb"]


def test_hostile_text(published, tmp_path, verdict):
    verdict(hostile_report())
    write(solved(), tmp_path, "mlp.ipynb")
    run(published, tmp_path, RUNNER)
    (test,) = result(tmp_path)["tests"]
    assert not DANGEROUS.search(test["test-name"] + test["message"])
    assert "\x1b" not in (tmp_path / "release-body.md").read_text()


# ---------------------------------------------------------------- whole numbers


def checks(*points: tuple[float, float]):
    return [
        replace(
            samples.check(f"c{n}", Status.PASSED if score == most else Status.PARTIAL),
            score=score,
            max_score=most,
        )
        for n, (score, most) in enumerate(points)
    ]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], []),
        ([(20.0, 20.0), (0.0, 20.0)], [(20, 20), (0, 20)]),
        ([(40 / 3, 20.0), (40 / 3, 20.0), (40 / 3, 20.0)], [(14, 20), (13, 20), (13, 20)]),
        ([(2.5, 5.0)], [(3, 5)]),  # a half goes up
        ([(2.49, 5.0)], [(2, 5)]),
        ([(12.5, 12.5), (12.5, 12.5)], [(13, 13), (12, 12)]),
        ([(19.999999999999996, 20.0)], [(20, 20)]),
        ([(19.9, 20.0)], [(19, 20)]),  # lost points never look like full marks
        ([(20.0, 20.0), (19.9, 20.0)], [(20, 20), (19, 20)]),
        ([(0.4, 0.5), (0.5, 0.5)], [(0, 1), (0, 0)]),
        ([(0.01, 100.0)], [(0, 100)]),
    ],
)
def test_points_are_whole_and_add_up(points, expected):
    assert whole_points(checks(*points)) == expected


def test_any_points_add_up():
    for sixths in range(6**4):
        parts = [(sixths // 6**n % 6) * 7 / 6 for n in range(4)]
        found = whole_points(checks(*((part, 35 / 6) for part in parts)))
        assert all(0 <= score <= most for score, most in found)
        exact = sum(parts)
        whole = sum(score for score, _ in found)
        assert abs(whole - exact) <= 0.5 + 1e-9 or (exact < 70 / 3 and whole == 22)


def test_rounding_is_told(published, tmp_path, verdict):
    odd = samples.report(*checks((40 / 3, 20.0), (12.5, 12.5)))
    verdict(odd)
    write(solved(), tmp_path, "mlp.ipynb")
    run(published, tmp_path, RUNNER)
    assert (result(tmp_path)["score"], result(tmp_path)["max-score"]) == (26, 33)
    body = (tmp_path / "release-body.md").read_text()
    assert "25.83 points are 26 of 33 as whole numbers" in body


# ---------------------------------------------------------------- the folder


def test_the_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["classroom50", "build", "linear_regression", "--detail", "hint"]) == 0
    out, err = capsys.readouterr()
    folder = tmp_path / "linear_regression-classroom50"
    assert "classroom50/CLASSROOM/autograders/linear-regression" in out
    # Whoever builds it is told what it would tell.
    assert "warning: " in err
    assert "the solved notebook (reference/linear_regression/linear_regression.ipynb)" in err
    assert json.loads((folder / "grader.json").read_text())["detail"] == "hint"
    assert json.loads((folder / "runtime.json").read_text())["python"] == "3.12"
    assert (folder / "autograder.py").is_file()
    (folder / "reference" / "old.toml").write_text("")
    assert main(["classroom50", "build", "linear_regression"]) == 0
    assert not (folder / "reference" / "old.toml").exists()


@pytest.mark.parametrize("held", [("thesis.tex",), ("thesis.tex", "grader.json"), ("reference",)])
def test_a_folder_of_something_else_is_left_alone(held, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    for name in held:
        (tmp_path / "thesis" / name).write_text("x")
    assert main(["classroom50", "build", "mlp", "-o", "thesis"]) == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert {path.name for path in (tmp_path / "thesis").iterdir()} == {*held}


def test_it_is_small_enough(published):
    files = {str(p): p.read_bytes() for p in published.rglob("*") if p.is_file()}
    assert packed_size(files) < MOST_BYTES
