"""``grade audit``: usage, exit status, and where its results go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.assignment import load_assignment
from grader.cli import main
from grader.grading import grader
from tests.audit.stub import CODES, Stub
from tests.template.course import course, keep

QUICK = ["--seeds", "1", "--pairs", "0", "--mutants", "2"]


@pytest.fixture
def graders(monkeypatch: Any) -> dict[str, Any]:
    """Put stubs in the place of graders; what stands under "wrong" and "blind" is theirs."""
    options: dict[str, Any] = {}

    def made(*, assignment: str, seed: int, device: str) -> Any:
        options["asked"] = (assignment, seed, device)
        chosen = {key: options[key] for key in ("wrong", "blind") if key in options}
        return Stub(load_assignment(assignment), **chosen)(seed)

    monkeypatch.setattr(grader, "Grader", made)
    monkeypatch.setattr("grader.audit.margins", lambda *_: ())
    return options


@pytest.fixture
def folder(tmp_path: Path) -> str:
    assignment = course(tmp_path)
    keep(assignment, CODES)
    return str(assignment.folder)


def test_green_is_0(graders: Any, folder: str, capsys: Any) -> None:
    assert main(["audit", "--assignment", folder, *QUICK]) == 0
    assert "No hole was found." in capsys.readouterr().out
    assert graders["asked"] == (folder, 1, "cpu")


def test_a_hole_is_1(graders: Any, folder: str, capsys: Any) -> None:
    graders["blind"] = True
    assert main(["audit", "--assignment", folder, *QUICK]) == 1
    assert "no check notices this change" in capsys.readouterr().out


def test_the_graders_failure_is_3(graders: Any, folder: str, capsys: Any) -> None:
    graders["wrong"] = {("the solved notebook", "learns"): ("internal_error", 0.0, ())}
    assert main(["audit", "--assignment", folder, *QUICK]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.usefixtures("graders")
def test_without_a_name_every_assignment_is_audited(capsys: Any) -> None:
    assert main(["audit", *QUICK]) == 0
    assert "mlp" in capsys.readouterr().out


@pytest.mark.usefixtures("graders")
def test_only_the_named_answers_are_tried(folder: str, capsys: Any) -> None:
    assert main(["audit", "--assignment", folder, "--seeds", "1", "--only", CODES[0]]) == 0
    assert f"{CODES[0]}" not in (said := capsys.readouterr().out)
    assert "mistakes     1 of 1" in said or "mistakes     2 of 2" in said
    assert main(["audit", "--assignment", folder, "--only", "nothing"]) == 2
    assert main(["audit", "--only", CODES[0]]) == 2
    assert "--assignment NAME" in capsys.readouterr().err


@pytest.mark.usefixtures("graders")
def test_results_go_to_files(folder: str, tmp_path: Path, capsys: Any) -> None:
    files = [tmp_path / "a.json", tmp_path / "a.html"]
    where = ["--json", str(files[0]), "--html", str(files[1])]
    assert main(["audit", "--assignment", folder, *QUICK, *where]) == 0
    assert json.loads(files[0].read_text(encoding="utf-8"))["audits"][0]["holes"] == []
    assert files[1].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "No hole was found." in capsys.readouterr().out


@pytest.mark.usefixtures("graders")
def test_json_alone_on_stdout(folder: str, capsys: Any) -> None:
    assert main(["audit", "--assignment", folder, *QUICK, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "grader-audit/1"


@pytest.mark.parametrize(
    "words",
    [
        ["--seeds", "0"],
        ["--seeds", "many"],
        ["--pairs", "-1"],
        ["--seed", "x"],
        ["--device", "auto"],
        ["--device", "tpu"],
        ["--mutant", "3"],
        ["--assignment", "nothing-of-the-kind"],
        ["--json", "/no/such/folder/a.json"],
        ["--html", "/no/such/folder/a.html"],
        ["notebook.ipynb"],
    ],
)
def test_wrong_usage_is_2_and_says_what_to_type(words: list[str], capsys: Any) -> None:
    assert main(["audit", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "hint: " in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("graders")
def test_files_that_contradict_themselves_are_2(folder: str, capsys: Any) -> None:
    (Path(folder) / "equivalents.toml").write_text("[[equivalents]]\n", encoding="utf-8")
    assert main(["audit", "--assignment", folder, *QUICK]) == 2
    assert "equivalents.toml, line 1: equivalent 1: the key" in capsys.readouterr().err


def test_help_says_what_is_tried(capsys: Any) -> None:
    assert main(["audit", "--help"]) == 0
    assert "every listed mistake" in capsys.readouterr().out
