"""A changed rubric, a new mistake: judged from what was observed, no student's code run again."""

import json
import re
import shutil
import sqlite3

import pytest

from grader.batch import replay
from grader.cli import main
from tests.notebooks import REFERENCE, changed, write

NEW = """
[[mistakes]]
blank = 7
answer = "optm.step(); M.load_state_dict({k: v * 0.5 for k, v in M.state_dict().items()})"
code = "halves_the_weights"
verdict = { step_order = "failed", learns = "partial" }
message = "Every weight is halved after the step."
"""


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory, shared_workers):
    """A class of four, graded by a copy of the assignment."""
    folder = tmp_path_factory.mktemp("rescore")
    course, handed_in = folder / "mlp", folder / "class"
    shutil.copytree(REFERENCE.parent, course)
    handed_in.mkdir()
    mine = changed("loss_out.backward()", "loss_out.backward(); handed_in_by = 'a student'")
    write(mine, handed_in, "right.ipynb")
    write(changed("optm.zero_grad()", "pass", mine), handed_in, "never_clears.ipynb")
    halved = "optm.step(); M.load_state_dict({k: v * 0.5 for k, v in M.state_dict().items()})"
    write(changed("optm.step()", halved, mine), handed_in, "halves.ipynb")
    (handed_in / "page.ipynb").write_text("<html>")
    with shared_workers.in_place():
        assert main(_command(folder)) == 1
    return folder


@pytest.fixture
def graded(graded_once, tmp_path):
    """Return the assignment's folder, the class's results, and the command they were made by."""
    shutil.rmtree(tmp_path)
    shutil.copytree(graded_once, tmp_path)
    database = tmp_path / "out" / "grades.db"
    with sqlite3.connect(database) as db:  # the copy lies elsewhere
        db.execute(
            "UPDATE facts SET value = replace(value, ?, ?)", (str(graded_once), str(tmp_path))
        )
    db.close()
    return tmp_path / "mlp", tmp_path / "out", _command(tmp_path)


def _command(folder):
    options = ["-o", str(folder / "out"), "--assignment", str(folder / "mlp")]
    return [str(folder / "class"), *options, "--seed", "3", "--device", "cpu"]


def results(out):
    lines = (out / "results.jsonl").read_text().splitlines()
    return {report["submission"]["student"]: report for report in map(json.loads, lines)}


def counting(monkeypatch):
    """Note every job that is really run."""
    started = []

    class Runner(replay.LocalRunner):
        def run(self, job):
            started.append(job)
            return super().run(job)

    monkeypatch.setattr(replay, "LocalRunner", Runner)
    return started


@pytest.mark.usefixtures("workers")
def test_other_points_are_judged_without_running_anything(graded, monkeypatch, capsys):
    course, out, command = graded
    before = results(out)
    rubric = course / "assignment.toml"
    text, count = re.subn(
        r'(id = "step_order".*?points = )20',
        r"\g<1>40",
        rubric.read_text(),
        count=1,
        flags=re.DOTALL,
    )
    assert count == 1
    rubric.write_text(text)
    started = counting(monkeypatch)
    capsys.readouterr()

    assert main(["rescore", str(out)]) == 0
    assert not any("a student" in str(job.payload["tasks"]) for job in started)
    said = capsys.readouterr().out
    assert "right: 100 → 120 (update order 20 → 40)" in said
    after = results(out)
    assert {name: r["score"] for name, r in after.items()} == {
        **{name: r["score"] for name, r in before.items()},
        "right": 120,
    }
    assert {report["max_score"] for report in after.values()} == {120}
    assert "120" in (out / "grades.csv").read_text(encoding="utf-8-sig")

    assert main(["rescore", str(out)]) == 0
    assert "points changed for 0, only words for 0" in capsys.readouterr().out
    # What was judged anew counts as graded by the new rubric.
    assert main(command) == 1
    assert results(out) == after


@pytest.mark.slow
def test_a_mistake_added_later_is_named(graded, monkeypatch, capsys):
    course, out, _ = graded
    codes = [f["code"] for c in results(out)["halves"]["checks"] for f in c["findings"]]
    assert "halves_the_weights" not in codes
    with (course / "mistakes" / "training.toml").open("a") as file:
        file.write(NEW)
    started = counting(monkeypatch)

    assert main(["rescore", str(out)]) == 0
    found = {f["code"] for c in results(out)["halves"]["checks"] for f in c["findings"]}
    assert "halves_the_weights" in found
    assert "points changed for 0, only words for 1" in capsys.readouterr().out
    assert started
    assert not any("a student" in str(job.payload["tasks"]) for job in started)


@pytest.mark.slow
def test_what_was_never_observed_keeps_its_points(graded, capsys):
    course, out, _ = graded
    before = results(out)
    rubric = course / "assignment.toml"
    text, count = re.subn(r"seconds = \d+", "seconds = 7", rubric.read_text())
    assert count
    rubric.write_text(text)

    assert main(["rescore", str(out)]) == 1
    said = capsys.readouterr().out
    assert "must be graded again, and keep their points: halves, never_clears, right" in said
    assert {n: r["score"] for n, r in results(out).items()} == {
        n: r["score"] for n, r in before.items()
    }


def test_another_version_of_the_probes_is_not_mixed_in(graded, monkeypatch, capsys):
    _, out, _ = graded
    monkeypatch.setattr(replay, "probing_code", lambda: "another")
    capsys.readouterr()
    assert main(["rescore", str(out)]) == 2
    assert "another version of the grader" in capsys.readouterr().err
