"""Which notebook %grade grades: the open one, however the kernel is told."""

import json
import sys
from types import ModuleType, SimpleNamespace

import pytest

from grader.errors import GraderError
from grader.jupyter.open_notebook import is_ours, open_notebook
from grader.notebook.read import parse_notebook
from tests.notebooks import code


def shell(*history, **variables):
    """What of an IPython shell is looked at; its history begins with an empty entry."""
    return SimpleNamespace(
        user_ns=variables, history_manager=SimpleNamespace(input_hist_raw=["", *history])
    )


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    path = tmp_path / "homework.ipynb"
    path.write_text(json.dumps(code(["x = 1"])), encoding="utf-8")
    return path


def test_jupyter_says_it_in_the_environment(file, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    found = open_notebook(shell("y = 2"), None)
    assert (found.path, found.name, found.remark) == (file, "homework.ipynb", "")


def test_vs_code_says_it_in_a_variable(file):
    assert open_notebook(shell("y = 2", __vsc_ipynb_file__=str(file)), None).path == file


def test_a_named_file_goes_before_the_open_one(file, tmp_path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "another.ipynb"))
    assert open_notebook(shell(), str(file)).path == file


def test_a_named_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(GraderError, match="no such file"):
        open_notebook(shell("x = 1"), str(tmp_path / "none.ipynb"))


@pytest.mark.parametrize("told", ["{}/renamed.ipynb", "a-uuid", "", "{}\0.ipynb"])
def test_without_a_file_the_cells_that_ran_are_graded(told, tmp_path, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    again = ["x = 1", "y = 2", "x = 1", "%load_ext grader", "%grade --seed 1", "  "]
    variables = {"__vsc_ipynb_file__": told.format(tmp_path)} if told else {}
    found = open_notebook(shell(*again, **variables), None)
    assert found.path is None
    assert "cells that ran in this session" in found.remark
    cells = parse_notebook(found.text.encode(), "hw.ipynb").cells
    assert [cell.source for cell in cells] == ["y = 2", "x = 1"]


def test_a_session_in_which_nothing_ran_is_an_error(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(GraderError, match="no cell has run"):
        open_notebook(shell("%load_ext grader\n%grade"), None)


@pytest.fixture
def colab(monkeypatch):
    """Colab as far as it is asked: what its page answers is set by the test."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    answer = {}

    def blocking_request(what, request, timeout_sec):
        assert (what, request) == ("get_ipynb", "")
        assert timeout_sec > 0
        return answer["given"]

    package, message = ModuleType("google.colab"), ModuleType("google.colab._message")
    message.blocking_request = blocking_request
    package._message = message
    monkeypatch.setitem(sys.modules, "google.colab", package)
    monkeypatch.setitem(sys.modules, "google.colab._message", message)
    return answer


def test_colab_is_asked_for_what_its_editor_holds(colab):
    colab["given"] = {"ipynb": code(["not = 'saved'"], colab={"name": "hw.ipynb"})}
    found = open_notebook(shell("old = 1"), None)
    assert found.name == "hw.ipynb"
    assert [cell.source for cell in parse_notebook(found.text.encode(), "hw.ipynb").cells] == [
        "not = 'saved'"
    ]


@pytest.mark.parametrize("answer", [{}, {"ipynb": None}, None])
def test_where_colab_answers_otherwise_the_session_is_graded(answer, colab):
    colab["given"] = answer
    assert open_notebook(shell("x = 1"), None).name == "this session"


@pytest.mark.parametrize(
    ("cell", "ours"),
    [
        ("%grade", True),
        ("%load_ext grader\n\n%grade --seed 3", True),
        ("  %reload_ext grader", True),
        ("x = 1\n%grade", False),
        ("%grader", False),
        ("grade()", False),
    ],
)
def test_cells_that_only_call_the_grader_are_no_part_of_the_work(cell, ours):
    assert is_ours(cell) is ours
