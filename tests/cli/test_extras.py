"""--junit, --gradescope and --github: files, streams and statuses; the engine is a stand-in."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from grader.cli import main
from grader.report import SubmissionInfo
from tests.action.log import annotations, obeyed
from tests.notebooks import EVALUATION, cell, changed, solved, write
from tests.reports import samples

pytestmark = pytest.mark.usefixtures("engine")

VARIABLES = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_WORKSPACE")


@pytest.fixture
def step(tmp_path, monkeypatch):
    """A workflow's step: what GitHub sets, in a checkout that is the working directory."""
    (tmp_path / "checkout").mkdir()
    monkeypatch.chdir(tmp_path / "checkout")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name in VARIABLES:
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "checkout"))
    return tmp_path


def outputs(step) -> dict[str, str]:
    rows = (step / "GITHUB_OUTPUT").read_text().splitlines()
    return dict(row.split("=", 1) for row in rows)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("names", "status", "suites", "errors"),
    [("ok", 0, 1, 0), ("fail", 1, 1, 0), ("ok html bug", 3, 3, 2), ("html", 2, 1, 1)],
)
def test_junit(names, status, suites, errors, tmp_path, capsys):
    target = tmp_path / "report.xml"
    assert main([*(f"{name}.ipynb" for name in names.split()), "--junit", str(target)]) == status
    root = ET.parse(target).getroot()
    assert len(root) == suites
    assert len(root.findall(".//error")) == errors
    assert "::" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "status", "tests"), [("ok", 0, ["passed"]), ("fail", 1, ["failed"]), ("html", 2, [])]
)
def test_gradescope(name, status, tests, tmp_path):
    target = tmp_path / "results.json"
    assert main([f"{name}.ipynb", "--gradescope", str(target)]) == status
    data = json.loads(target.read_text())
    assert [test["status"] for test in data["tests"]] == tests
    assert data["score"] == (20 if name == "ok" else 0)


def test_gradescope_gets_no_zero_for_the_graders_own_fault(tmp_path):
    target = tmp_path / "results.json"
    assert main(["bug.ipynb", "--gradescope", str(target)]) == 3
    assert not target.exists()


@pytest.mark.parametrize("option", ["--junit", "--gradescope"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/x", "folder does not exist"),
        (".", "it is a folder"),
        ("x.ipynb", "must not take the place of a notebook"),
    ],
)
def test_bad_destinations_are_refused_before_grading(option, name, words, capsys, request):
    assert main([option, name, "ok.ipynb"]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "\n\nhint: " in error
    assert request.getfixturevalue("engine").graded == []


def test_gradescope_takes_one_notebook(capsys):
    assert main(["a.ipynb", "b.ipynb", "--gradescope", "x.json"]) == 2
    assert "the result of one notebook" in capsys.readouterr().err


# ---------------------------------------------------------------- GitHub


@pytest.mark.parametrize(
    ("names", "status", "score", "kinds"),
    [
        ("ok", 0, "20", []),
        ("fail", 1, "0", ["error"]),
        ("ok fail", 0, "20", ["error"]),
        ("html", 2, "0", ["error"]),
        ("bug", 3, "", ["error"]),
        ("grader", 3, "", ["error"]),
    ],
)
def test_outputs(names, status, score, kinds, step, capsys):
    paths = [f"{name}.ipynb" for name in names.split()]
    assert main(["--github", *paths]) == status
    assert set(outputs(step)) == {"score", "max-score"}
    assert outputs(step)["score"] == score
    summary = (step / "GITHUB_STEP_SUMMARY").read_text()
    assert all(path.replace(".", "&#46;") in summary for path in paths)
    assert [item.name for item in annotations(capsys.readouterr().err)] == kinds


@pytest.mark.usefixtures("step")
def test_all_before_the_annotations_stands_behind_the_fence(capsys):
    main(["--github", "html.ipynb", "fail.ipynb"])
    out, err = capsys.readouterr()
    first, *_, last = err.splitlines()
    assert first.startswith("::stop-commands::")
    token = first.rpartition(":")[2]
    fenced, _, behind = err.partition(f"\n::{token}::\n")
    assert "error: html.ipynb" in fenced
    assert last in behind
    assert {line[:8] for line in behind.splitlines()} == {"::error "}
    assert out.startswith("mlp  fail.ipynb")


@pytest.mark.usefixtures("step")
def test_json_alone_on_stdout_stays_json_alone(capsys):
    assert main(["--github", "--json", "-", "fail.ipynb"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["score"] == 0
    assert annotations(err)


def test_a_step_appends_and_does_not_overwrite(step):
    (step / "GITHUB_STEP_SUMMARY").write_text("before\n")
    main(["--github", "ok.ipynb"])
    main(["--github", "fail.ipynb"])
    text = (step / "GITHUB_STEP_SUMMARY").read_text()
    assert text.startswith("before\n### ok")
    assert text.count("### ") == 2


def test_a_full_summary_stays_as_it_is(step):
    full = "x" * 1024 * 1024
    (step / "GITHUB_STEP_SUMMARY").write_text(full)
    assert main(["--github", "fail.ipynb"]) == 1
    assert (step / "GITHUB_STEP_SUMMARY").read_text() == full


def test_outside_of_a_workflow_there_are_only_the_commands(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert main(["--github", "fail.ipynb"]) == 1
    assert len(annotations(capsys.readouterr().err)) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_the_option_a_workflow_changes_nothing(step, capsys):
    assert main(["fail.ipynb"]) == 1
    assert capsys.readouterr().err == "a stray print of the engine or of a library\n"
    assert not (step / "GITHUB_OUTPUT").exists()


def test_an_output_file_that_cannot_be_written_is_an_error_with_a_hint(step, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_OUTPUT", str(step))
    assert main(["--github", "ok.ipynb"]) == 2
    assert "hint: GITHUB_OUTPUT must name a file" in capsys.readouterr().err


# ---------------------------------------------------------------- the notebook's file


@pytest.fixture
def graded(step, monkeypatch, engine):
    """A notebook in the checkout whose report says that line 9 of its evaluation is wrong."""
    notebook = solved()
    number = notebook["cells"].index(cell(notebook, EVALUATION)) + 1
    path = step / "checkout" / "hw" / "my mlp,1.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    finding = replace(samples.HARD_CODED_BATCH, cell=number, line=9)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    def grade(_self, _path, progress=None):  # noqa: ARG001
        report = samples.report(samples.check("eval_accuracy", "failed", 0, finding))
        return replace(report, submission=SubmissionInfo(path=str(path), sha256=digest))

    monkeypatch.setattr(engine, "grade", grade)
    return path


def test_an_annotation_is_at_the_line_of_the_file(graded, capsys):
    main(["--github", str(graded)])
    (error,) = annotations(capsys.readouterr().err)
    assert error.properties["file"] == "hw/my mlp,1.ipynb"
    row = graded.read_text(encoding="utf-8").split("\n")[int(error.properties["line"]) - 1]
    assert "batch_in.view(-1, 28*28)" in row


def test_a_file_that_has_changed_since_is_annotated_as_a_whole(graded, capsys):
    graded.write_text(graded.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    main(["--github", str(graded)])
    (error,) = annotations(capsys.readouterr().err)
    assert error.properties["file"] == "hw/my mlp,1.ipynb"
    assert "line" not in error.properties


@pytest.mark.parametrize("change", ["remove", "elsewhere"])
def test_a_file_that_is_not_there_or_elsewhere(change, graded, capsys, monkeypatch):
    if change == "remove":
        graded.unlink()
    else:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(graded.parent / "other"))
    main(["--github", str(graded)])
    (error,) = annotations(capsys.readouterr().err)
    assert ("file" in error.properties) == (change == "remove")


# ---------------------------------------------------------------- a real one


@pytest.mark.slow
def test_a_hostile_notebook_annotates_nothing_of_its_own(step, monkeypatch, capfd):
    monkeypatch.delitem(sys.modules, "grader.grading.session")  # the real one
    forged = "::notice title=Score::100\\n##[add-mask]x\\n::set-output name=score::100\\n"
    answer = f'(print("{forged}"), (_ for _ in ()).throw(ValueError("{forged}")))'
    notebook = changed("y_pred == y_trgt", answer)
    path = write(notebook, step / "checkout", "::error::x.ipynb")
    assert main(["--github", "--seed", "7", str(path)]) == 1
    out, err = capfd.readouterr()
    assert not obeyed(out)
    names = [item.name for item in obeyed(err)]
    assert names[0] == "stop-commands"
    assert set(names[2:]) == {"error"}
    found = annotations(err)
    assert {item.properties["file"] for item in found} == {"::error::x.ipynb"}
    assert any("ValueError" in item.data for item in found)
    assert float(outputs(step)["score"]) < 100
