"""What the command line says and returns of notebooks; the engine is a stand-in."""

from __future__ import annotations

import sys

import pytest

from grader.cli import main
from grader.errors import NotebookError

from .stand_in import error_of

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ("ok", 0),
        ("fail", 1),
        ("part", 1),
        ("html", 2),
        ("grader", 3),
        ("bug", 3),
        ("ours", 3),
        ("interrupt", 130),
        ("ok ok", 0),
        ("ok fail part", 0),
        ("ok html fail", 1),
        ("html html", 2),
        ("ok grader", 3),
        ("bug ok", 3),
        ("html bug", 3),
        ("ok interrupt ok", 130),
    ],
)
def test_exit_status(names, status, engine, capsys):
    paths = [f"{name}.ipynb" for name in names.split()]
    assert main(paths) == status
    if "interrupt" not in names:
        assert engine.graded == paths, "one that can't be read does not stop the rest"
    assert engine.closed
    assert "Traceback" not in capsys.readouterr().err


def test_one_notebook_prints_a_report_and_nothing_on_stderr_but_strays(capsys):
    assert main(["ok.ipynb"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("mlp  ok.ipynb ")
    assert out.splitlines()[1] == "  ok     learns  20 / 20"
    assert err == "a stray print of the engine or of a library\n"


def test_several_print_their_reports_then_a_summary(capsys):
    assert main(["a/ok.ipynb", "html.ipynb", "fail.ipynb"]) == 1
    out, err = capsys.readouterr()
    assert [row.split()[:2] for row in out.splitlines() if row.startswith("mlp")] == [
        ["mlp", "a/ok.ipynb"],
        ["mlp", "fail.ipynb"],
    ]
    assert out.endswith(
        "                       learns\n"
        "  a/ok.ipynb  20 / 20  ok\n"
        "  fail.ipynb   0 / 20  FAIL\n"
        "\n"
        "not graded\n"
        "  html.ipynb  is not a notebook: it is a web page\n"
    )
    assert "error: html.ipynb is not a notebook: it is a web page\n\nhint: download it\n" in err


def test_an_unreadable_notebook_is_an_error_with_a_hint(capsys):
    assert main(["html.ipynb"]) == 2
    assert error_of(capsys) == ("html.ipynb is not a notebook: it is a web page", "download it")


def test_the_grader_that_cannot_start_is_an_error_with_a_hint(capsys):
    assert main(["--device", "cuda:7", "ok.ipynb"]) == 2
    assert error_of(capsys) == ("this machine has no cuda:7", "--device cpu")


def test_the_path_is_named_when_the_message_does_not(capsys, engine, monkeypatch):
    def grade(*_, **__):
        raise NotebookError("it is empty")

    monkeypatch.setattr(engine, "grade", grade)
    assert main(["a/b.ipynb"]) == 2
    assert capsys.readouterr().err == "error: a/b.ipynb: it is empty\n"


# ---------------------------------------------------------------- our own faults


def test_a_fault_of_the_graders_own_is_said_without_a_traceback(capsys):
    assert main(["bug.ipynb"]) == 3
    err = capsys.readouterr().err
    assert "error: the grader itself failed at bug.ipynb: ZeroDivisionError: division " in err
    assert "GRADER_DEBUG=1" in err
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_grader_debug_shows_the_traceback(capsys, monkeypatch):
    monkeypatch.setenv("GRADER_DEBUG", "1")
    assert main(["bug.ipynb"]) == 3
    err = capsys.readouterr().err
    assert "Traceback (most recent call last):" in err
    assert "\x1b" not in err


def test_an_engine_that_cannot_be_imported_is_our_fault(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "grader.grading.session", None)
    assert main(["ok.ipynb"]) == 3
    assert "error: the grader itself failed: " in capsys.readouterr().err


def test_interrupt_is_one_line(capsys):
    assert main(["interrupt.ipynb"]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "interrupted"


def test_hostile_names_reach_no_stream(capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    name = "html\x1b[2J[bold]\n::error::x\u202e\udcff.ipynb"
    assert main([name, name]) == 2
    for text in capsys.readouterr():
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n::" not in text


@pytest.mark.parametrize(("by_a_kernel", "coloured"), [(True, False), (False, True)])
def test_colours_that_only_a_kernel_forces_do_not_get_into_files(
    by_a_kernel, coloured, monkeypatch, capsys
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    if by_a_kernel:
        monkeypatch.setenv("JPY_PARENT_PID", "1")
    main(["ok.ipynb"])
    assert ("\x1b[" in capsys.readouterr().out) is coloured
