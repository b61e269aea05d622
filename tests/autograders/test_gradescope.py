"""What the autograder writes for Gradescope; the grading itself is a stand-in."""

from __future__ import annotations

import json
import stat
from zipfile import ZipFile

import pytest

from grader.autograders.gradescope import run
from grader.cli import main
from grader.errors import GraderError, InternalError
from tests.autograders import hand_ins
from tests.autograders.schemas import gradescope_results
from tests.notebooks import solved, template, write
from tests.reports import samples

DUE = "2026-11-30T23:59:00.000000-08:00"
HINT = "something has to happen once per batch before backward()"
SEEN = "gradients are never cleared"
POLICY = "loss_a_day = 10\ngrace_minutes = 15\n"


def metadata(root, **content):
    about = {"created_at": DUE, "assignment": {"due_date": DUE}, "previous_submissions": []}
    text = json.dumps(about | content)
    (root / "submission_metadata.json").write_text(text, encoding="utf-8")


def graded(root) -> dict:
    write(solved(), root / "submission", "mlp.ipynb")
    run(root)
    return gradescope_results((root / "results" / "results.json").read_text())


def told(data: dict) -> str:
    return "\n".join([data["output"], *(test["output"] for test in data["tests"])])


def test_a_submission(autograder, verdict):
    verdict()
    data = graded(autograder)
    assert data["score"] == 56 == sum(test["score"] for test in data["tests"])
    assert [test["number"] for test in data["tests"]] == ["1", "2", "3", "4", "5"]
    assert data["tests"][3]["tags"] == ["step_order", "failed"]
    assert HINT in told(data)
    assert {data["visibility"], *(test["visibility"] for test in data["tests"])} == {"visible"}


@pytest.mark.parametrize("fill", [hand_ins.nothing, hand_ins.several, hand_ins.cut_off])
def test_what_is_no_hand_in_gets_no_points_and_the_reason(fill, autograder, verdict):
    verdict(AssertionError("nothing is to be graded"))
    fill(autograder / "submission")
    run(autograder)
    data = gradescope_results((autograder / "results" / "results.json").read_text())
    assert (data["score"], data["tests"]) == (0, [])
    assert data["output"]


@pytest.mark.parametrize(
    "what",
    [
        samples.EVERY_STATUS,  # one check of it says that the grader failed
        InternalError("the workers cannot be started"),
        GraderError("this machine cannot confine notebooks"),
        ZeroDivisionError("division by zero"),
    ],
)
def test_where_the_grader_fails_there_are_no_points(what, autograder, verdict):
    verdict(what)
    with pytest.raises(Exception):  # noqa: B017 - whichever it is
        graded(autograder)
    assert [*(autograder / "results").iterdir()] == []


def test_without_its_assignment_there_are_no_points(autograder):
    for path in (autograder / "source").glob("reference/mlp/*.toml"):
        path.unlink()
    write(solved(), autograder / "submission")
    with pytest.raises(GraderError):
        run(autograder)
    assert [*(autograder / "results").iterdir()] == []


# ---------------------------------------------------------------- how much is told


@pytest.mark.parametrize(
    ("previous", "detail", "seen", "hint"),
    [
        ([], "full", True, True),
        ([{}], "full", True, True),
        ([{}, {}], "full", False, False),
        ([{}, {"autograder_error": True}], "full", True, True),  # that was no attempt
        ([{}, {"autograder_error": False}], "full", False, False),
        ([{}], "hint", True, False),
        ([{}, {}], "hint", False, False),
        ("unknown", "full", False, False),
    ],
)
def test_hints_for_the_first_two_attempts(
    previous, detail, seen, hint, autograder, verdict, settings
):
    verdict()
    settings(hints=2, detail=detail)
    metadata(autograder, previous_submissions=previous)
    data = graded(autograder)
    assert (SEEN in told(data), HINT in told(data)) == (seen, hint)
    assert data["score"] == 56
    assert ("Only the first 2 attempts are told" in data["output"]) != seen
    assert ("This is attempt 3. " in data["output"]) == (not seen and previous != "unknown")


def test_no_hints_at_all(autograder, verdict, settings):
    verdict()
    settings(detail="score", visibility="after_due_date")
    data = graded(autograder)
    assert SEEN not in told(data)
    assert {data["visibility"], *(t["visibility"] for t in data["tests"])} == {"after_due_date"}


# ---------------------------------------------------------------- late work


@pytest.mark.parametrize(
    ("content", "score", "words"),
    [
        ({}, 56, ""),
        ({"created_at": "2026-12-01T00:13:00-08:00"}, 56, ""),  # within the grace
        ({"created_at": "2026-12-01T00:15:00-08:00"}, 46, "1 day late"),
        ({"created_at": "2026-12-01T08:15:00Z"}, 46, "10 of 56 points are taken off"),
        ({"created_at": "2026-12-09T12:00:00-08:00"}, 0, "9 days late"),
        # An extension of one's own; of a team's the last one.
        (
            {
                "created_at": "2026-12-02T12:00:00-08:00",
                "users": [
                    {"assignment": {"due_date": "2026-12-03T23:59:00-08:00"}},
                    {"assignment": {"due_date": DUE}},
                ],
            },
            56,
            "",
        ),
        ({"created_at": "2027-01-01T00:00:00Z", "assignment": {"due_date": None}}, 56, ""),
        ({"created_at": "soon"}, 56, ""),
        ({"created_at": None, "users": "x", "assignment": [1]}, 56, ""),
    ],
)
def test_late_work(content, score, words, autograder, verdict):
    verdict()
    (autograder / "source" / "policy.toml").write_text(POLICY)
    metadata(autograder, **content)
    data = graded(autograder)
    assert data["score"] == score
    assert sum(test["score"] for test in data["tests"]) == 56  # no check's points change
    assert words in data["output"]
    assert ("taken off" in data["output"]) == (score != 56)


@pytest.mark.parametrize("text", [None, b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_metadata_that_cannot_be_read_take_nothing_off(text, autograder, verdict):
    verdict()
    (autograder / "source" / "policy.toml").write_text(POLICY)
    if text is not None:
        (autograder / "submission_metadata.json").write_bytes(text)
    write(solved(), autograder / "submission")
    done = run(autograder)
    assert any("nothing is taken off" in remark for remark in done.remarks)
    data = gradescope_results((autograder / "results" / "results.json").read_text())
    assert data["score"] == 56


# ---------------------------------------------------------------- the zip


def test_the_zip(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "late.toml").write_text(POLICY)
    options = ["--hints", "3", "--detail", "hint", "--policy", "late.toml", "-o", "a.zip"]
    assert main(["gradescope", "build", "cnn", *options]) == 0
    assert "wrote a.zip" in capsys.readouterr().out
    with ZipFile("a.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert json.loads(archive.read("grader.json"))["hints"] == 3
        assert archive.read("policy.toml").decode() == POLICY
    assert all(modes[name] & stat.S_IXUSR for name in ("setup.sh", "run_autograder"))
    # Its data lies beside another assignment, whose answers are not in it.
    assert "reference/cnn/cnn.ipynb" in modes
    assert [name for name in modes if name.startswith("reference/mlp/")] == [
        name for name in modes if name.startswith("reference/mlp/data/")
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["build"], "required: NAME"),
        (["build", "mpl"], "there is no assignment 'mpl'"),
        (["build", "mlp", "-o", "x.tar"], "is no name of a zip"),
        (["build", "mlp", "--hints", "some"], "not a number of attempts"),
        (["build", "mlp", "--hints", "3", "--detail", "score"], "tells more to the first attempts"),
        (["build", "mlp", "--policy", "none.toml"], "there is no policy none.toml"),
        (["build", "mlp", "--policy", "dates.toml"], "says when the work is due"),
        (["build", "mlp", "--policy", "broken.toml"], "loss_a_day"),
        (["grade", "mlp"], "invalid choice"),
        (["run", "nowhere"], "is no bundle's settings"),
    ],
)
def test_wrong_usage(options, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dates.toml").write_text(f"due = 2026-11-30T23:59:00Z\n{POLICY}")
    (tmp_path / "broken.toml").write_text("grace_minutes = 15\n")
    assert main(["gradescope", *options]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "\n\nhint: " in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.toml", "dates.toml"]


def test_the_blank_notebook_is_told_apart_from_none(autograder, verdict):
    verdict()
    write(template(), autograder / "submission", "mlp.ipynb")
    run(autograder)
    assert gradescope_results((autograder / "results" / "results.json").read_text())["tests"]
