"""``grade new`` writes an assignment that grades at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.cli import main
from grader.cli.template import template
from grader.grading.grader import Grader
from grader.grading.solved import edited
from grader.notebook.read import read_notebook
from grader.template.markers import without_markers
from tests.notebooks import code, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=[pytest.param([], marks=pytest.mark.slow), ["--with-check"]])
def made(request: Any, tmp_path: Path, monkeypatch: Any, capsys: Any) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["new", *request.param, "home_work-2"]) == 0
    assert "grade --assignment reference/home_work-2" in capsys.readouterr().out
    return tmp_path / "reference" / "home_work-2"


@pytest.mark.usefixtures("workers")
def test_its_own_lists_hold(made: Path, tmp_path: Path) -> None:
    assignment = load_assignment(str(made))
    solved = read_notebook(assignment.reference)
    built = tmp_path / "student_templates" / "home_work-2.ipynb"
    written = built.read_text(encoding="utf-8")
    assert "ANSWER" not in written
    assert template(["build"]) == 0
    assert built.read_text(encoding="utf-8") == written

    def notebook(entry: Any) -> Path:
        cells = edited(solved, entry.edits, assignment).cells
        return write(code([without_markers(c.source) for c in cells if c.kind == "code"]), tmp_path)

    with Grader(assignment=str(made), seed=1, device="cpu") as grader:
        report = grader.grade(assignment.reference)
        assert (report.score, report.max_score, report.notes) == (100, 100, ())
        assert grader.grade(built).score == 0
        for alternative in assignment.alternatives:
            assert grader.grade(notebook(alternative)).score == 100, alternative.title
        for mistake in assignment.mistakes:
            report = grader.grade(notebook(mistake))
            assert mistake.agrees({c.id: c.status.value for c in report.checks})
            assert mistake.code in {f.code for c in report.checks for f in c.findings}
    assert assignment.mistakes
    assert assignment.alternatives


@pytest.mark.usefixtures("workers")
def test_it_passes_its_own_audit(made: Path, capsys: Any) -> None:
    """All of it, out of the box: every mutant and every pair, and no record needed."""
    assert main(["audit", "--assignment", str(made), "--seeds", "1"]) == 0, capsys.readouterr().out
    assert "No hole was found." in capsys.readouterr().out


def test_the_name_is_everywhere(made: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in made.rglob("*.*")]
    assert len(texts) in (4, 5)
    assert not any("@NAME@" in text for text in texts)
    notebook = json.loads((made / "home_work-2.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["grader"] == {"assignment": "home_work-2"}


def test_an_audit_without_a_template_says_how_to_make_one(
    made: Path, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "student_templates" / "home_work-2.ipynb").unlink()
    assert main(["audit", "--assignment", str(made)]) == 2
    said = capsys.readouterr().err
    assert "there is no student's notebook" in said
    assert "grade template build" in said


def test_a_students_notebook_of_that_name_stays(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "student_templates" / "mine.ipynb"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    assert main(["new", "mine"]) == 2
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "reference").exists()


def test_nothing_is_overwritten(made: Path, capsys: Any) -> None:
    (made / "assignment.toml").write_text("mine", encoding="utf-8")
    assert main(["new", "home_work-2"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (made / "assignment.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "1a", "a b", "a\x1b[31m", "ü", "x" * 80])
def test_names_that_cannot_be(name: str, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 2
    assert "\x1b" not in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [["new"], ["new", "a", "b"], ["new", "-"]])
def test_wrong_usage(given: list[str], capsys: Any) -> None:
    assert main(given) == 2
    assert "grade new my_homework" in capsys.readouterr().err
