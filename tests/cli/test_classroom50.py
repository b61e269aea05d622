"""--classroom50: its files, and the exit status that the system wants; a stand-in grades."""

from __future__ import annotations

import pytest

from grader.cli import main
from tests.autograders.runner import RUNNER
from tests.autograders.schemas import classroom50_result

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def runner(monkeypatch, tmp_path):
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "status", "score"),
    [
        ("ok", 0, 20),
        ("fail", 0, 0),
        ("html", 0, 0),
        ("bug", 3, None),
        ("grader", 3, None),
        ("refused", 2, None),
    ],
)
def test_the_option(name, status, score, runner):
    options = ["--assignment", "mlp", "--classroom50", "."]
    assert main([*options, f"{name}.ipynb"]) == status
    assert (runner / "result.json").exists() == (score is not None)
    if score is not None:
        data = classroom50_result((runner / "result.json").read_text())
        assert data["score"] == score


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("needs the assignment", ["--classroom50", ".", "ok.ipynb"]),
        ("of one notebook", ["--assignment", "mlp", "--classroom50", ".", "a.ipynb", "b.ipynb"]),
        ("does not exist", ["--assignment", "mlp", "--classroom50", "no/where", "ok.ipynb"]),
    ],
)
def test_wrong_usage(words, arguments, runner, capsys):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err
    assert [*runner.iterdir()] == []


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("name", ["CLASSROOM", "SUBMISSION_TAG", "RELEASE_URL"])
def test_without_the_runners_variables(name, monkeypatch, capsys):
    monkeypatch.delenv(name)
    assert main(["--assignment", "mlp", "--classroom50", ".", "ok.ipynb"]) == 2
    assert f"whose submission this is: {name}" in capsys.readouterr().err
