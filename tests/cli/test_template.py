"""``grade template build|check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from tests.template.course import cell, course, replace_in, replaced, save, solved, template

if TYPE_CHECKING:
    from pathlib import Path


def test_build_writes_what_check_accepts(tmp_path: Path, capsys: Any) -> None:
    assignment = course(tmp_path)
    assignment.template.unlink()
    root = ["--root", str(tmp_path)]
    assert main(["template", "check", *root]) == 1
    assert "grade template build" in capsys.readouterr().out
    assert main(["template", "build", *root]) == 0
    assert main(["template", "check", *root]) == 0
    assert "ok" in capsys.readouterr().out


@pytest.mark.slow
def test_check_shows_what_is_wrong(tmp_path: Path, capsys: Any) -> None:
    assignment = course(tmp_path)
    notebook = template(assignment)
    marker = "# FILL IN HERE      # optimizer update"
    replaced(cell(notebook, "training"), marker, "optm.step()")
    save(assignment, notebook)
    assert main(["template", "check", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "blank 7 has lost its marker" in said
    assert "the answer of blank 7 can be read" in said
    assert f"+          {marker}" in said
    # Filled in, it is an attempt, and no longer an untouched template.
    assert "update order gives 0 of 20 points and is failed" in said


@pytest.mark.slow
def test_what_strangers_wrote_into_a_template_is_harmless(tmp_path: Path, capsys: Any) -> None:
    assignment = course(tmp_path)
    notebook = template(assignment)
    cell(notebook, "setup").source += "\nprint('\x1b]0;title\x07\x1b[31mred')"
    save(assignment, notebook)
    assert main(["template", "check", "--root", str(tmp_path)]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", '{"nbformat": 4, "cells": []}'])
def test_a_wrong_solved_notebook_is_named(content: str, tmp_path: Path, capsys: Any) -> None:
    assignment = course(tmp_path)
    assignment.reference.write_text(content, encoding="utf-8")
    assert main(["template", "build", "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "mlp.ipynb" in said


def test_nothing_is_written_when_one_is_wrong(tmp_path: Path) -> None:
    assignment = course(tmp_path)
    before = assignment.template.read_text(encoding="utf-8")
    notebook = solved(assignment)
    replaced(cell(notebook, "training"), "# ANSWER 7", "# ANSWER 5")
    assignment.reference.write_text(json.dumps(notebook), encoding="utf-8")
    assert main(["template", "build", "--root", str(tmp_path)]) == 2
    assert assignment.template.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("action", ["build", "check"])
def test_an_option_that_no_kind_takes_is_refused(action: str, tmp_path: Path, capsys: Any) -> None:
    assignment = course(tmp_path)
    replace_in(assignment.folder / "assignment.toml", "batch_sizes =", "batch_size =")
    assert main(["template", action, "--root", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert 'check forward_output has no key "batch_size"' in said
    assert 'hint: did you mean "batch_sizes"?' in said


@pytest.mark.parametrize("words", [[], ["rebuild"], ["check", "--rot", "."]])
def test_wrong_usage_says_what_to_type(words: list[str], capsys: Any) -> None:
    assert main(["template", *words]) == 2
    assert "hint: " in capsys.readouterr().err


def test_a_folder_without_a_course_is_said(tmp_path: Path, capsys: Any) -> None:
    assert main(["template", "check", "--root", str(tmp_path)]) == 2
    assert "reference/" in capsys.readouterr().err
