"""The command line: statuses, streams and words; the engine is a stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import GraderError, InternalError, NotebookError
from grader.report import CheckResult, Environment, Report, Status, SubmissionInfo

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def make_report(path: str, status: Status = Status.PASSED) -> Report:
    score = 20.0 if status is Status.PASSED else 0.0
    return Report(
        assignment="mlp",
        submission=SubmissionInfo(path=path, sha256="00"),
        environment=Environment("3.11", "2.15", "cpu", 1, 7, "uci-digits", "strict"),
        score=score,
        max_score=20.0,
        checks=(CheckResult("learns", "learns", status, score, 20.0, 0.1),),
    )


class FakeGrader:
    """Grades by file name, and remembers what it was made with."""

    made: dict | None = None
    graded: list
    closed = False

    def __init__(
        self,
        *,
        assignment=None,
        device="auto",
        seed=None,
        isolation="auto",
        timeout=None,
        data=None,
    ):
        options = locals()
        del options["self"]
        type(self).made = options
        if device == "cuda:7":
            raise GraderError("this machine has no cuda:7", hint="--device cpu")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        type(self).closed = True

    def grade(self, path, progress=lambda _: None):
        type(self).graded.append(path)
        progress("running")
        name = Path(path).name
        if name.startswith("html"):
            raise NotebookError(f"{path} is not a notebook: it is a web page", hint="download it")
        if name.startswith("bug"):
            raise ZeroDivisionError("division \x1b[31mby zero")
        if name.startswith("ours"):
            raise InternalError("the sandbox did not start")
        if name.startswith("interrupt"):
            raise KeyboardInterrupt
        print("a stray print of the engine or of a library")
        statuses = {"fail": Status.FAILED, "part": Status.PARTIAL, "grader": Status.INTERNAL_ERROR}
        return make_report(path, statuses.get(name.split(".")[0], Status.PASSED))


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    for name in ("GRADER_DEBUG", "GITHUB_ACTIONS", "FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    fake = type("Fake", (FakeGrader,), {"graded": []})
    module = types.ModuleType("grader.grading")
    module.Grader = fake
    monkeypatch.setitem(sys.modules, "grader.grading", module)
    return fake


def error_of(capsys) -> tuple[str, str]:
    """Return the error's and the hint's sentence after checking the shape of all of stderr."""
    out, err = capsys.readouterr()
    assert out == ""
    error, empty, hint, *rest = err.splitlines()
    assert error.startswith("error: ")
    assert empty == ""
    assert hint.startswith("hint: ")
    assert rest == []
    return error.removeprefix("error: "), hint.removeprefix("hint: ")


# ---------------------------------------------------------------- exit statuses


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


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("argv", "error", "hint"),
    [
        ([], "no notebook was named", "grade submission.ipynb"),
        (["--seed", "-1", "a"], "--seed -1: not a seed", "whole number"),
        (["--seed=-1", "a"], "--seed -1: not a seed", "whole number"),
        (["--seed", "1.5", "a"], "--seed 1.5", "whole number"),
        (["--seed", str(2**63), "a"], "not a seed", str(2**63 - 1)),
        (["--seed", "9" * 5000, "a"], "not a seed", "whole number"),
        (["--seed", "٣", "a"], "not a seed", "whole number"),
        (["--device", "gpu", "a"], "--device gpu: no such device", "cuda:0"),
        (["--device", "cuda:", "a"], "no such device", "auto, cpu"),
        (["--device", "cuda:0\n", "a"], "no such device", "auto, cpu"),
        (["--isolation", "off", "a"], "--isolation off", "none"),
        (["--timeout", "0", "a"], "--timeout 0: not a time limit", "more than 0"),
        (["--timeout", "nan", "a"], "not a time limit", "more than 0"),
        (["--timeout", "inf", "a"], "not a time limit", "more than 0"),
        (["--timeout=-3", "a"], "not a time limit", "more than 0"),
        (["--timeout", "soon", "a"], "not a time limit", "more than 0"),
        (["--data", "/no/such/folder", "a"], "--data /no/such/folder: no such folder", "name"),
        (["--data", "x\0y", "a"], "no such folder", "name"),
        (["--jsn", "x", "a"], "there is no option --jsn", "did you mean --json?"),
        (["--devise=cpu", "a"], "there is no option --devise=cpu", "did you mean --device?"),
        (["-x", "a"], "there is no option -x", "grade --help"),
        (["--seed"], "--seed: expected one argument", "grade --help"),
        (["--see", "1", "a"], "there is no option --see", "--seed"),
        (["--json"], "--json: expected one argument", "grade --help"),
        (["--json", "/no/such/r.json", "a"], "folder does not exist", "name a file"),
        (["--json", "a.ipynb", "b.ipynb"], "must not take the place of a notebook", "--json"),
        (["class.zip"], "there is no class.zip", "Check the path"),
        (["--zip", "moodle", "a.ipynb"], "--zip writes into the class's folder", "-o OUT"),
        (["--show-answers", "a"], "--show-answers writes into the class's folder", "-o OUT"),
        (["--jobs", "0", "a"], "--jobs 0: not a number", "1 or more"),
        (["rescore"], "no folder was named", "grade rescore OUT"),
        (["rescore", "/no/such/folder"], "holds no graded class", "grade PATH -o OUT"),
    ],
)
def test_wrong_usage_is_an_error_with_a_hint(argv, error, hint, capsys, engine):
    assert main(argv) == 2
    said = error_of(capsys)
    assert error in said[0]
    assert hint in said[1]
    assert engine.graded == []
    assert engine.made is None, "found before anything is started"


def test_a_folder_without_notebooks_is_an_error_with_a_hint(tmp_path, capsys, engine):
    assert main([str(tmp_path) + "/"]) == 2
    assert "there are no notebooks in" in error_of(capsys)[0]
    assert engine.made is None


def test_options_reach_the_engine(tmp_path, engine):
    argv = [
        *("--device", "cuda:1", "--seed", "0", "--isolation", "strict", "--timeout", "2.5"),
        *("--data", str(tmp_path), "--assignment", "mlp", "ok.ipynb"),
    ]
    assert main(argv) == 0
    assert engine.made == {
        "device": "cuda:1",
        "seed": 0,
        "isolation": "strict",
        "timeout": 2.5,
        "data": str(tmp_path),
        "assignment": "mlp",
    }


def test_without_options_the_engine_decides(engine):
    main(["ok.ipynb"])
    assert engine.made == {
        "device": "auto",
        "seed": None,
        "isolation": "auto",
        "timeout": None,
        "data": None,
        "assignment": None,
    }


def test_a_file_that_looks_like_an_option_goes_behind_two_dashes(engine):
    assert main(["--", "--seed.ipynb"]) == 0
    assert engine.graded == ["--seed.ipynb"]


def test_help_and_version(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for word in ("--json", "--device", "--seed", "--isolation", "--timeout", "--data"):
        assert word in text
    assert "exit status:" in text
    assert "examples:" in text
    assert max(map(len, text.splitlines())) <= 100
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("grader ")


# ---------------------------------------------------------------- JSON


@pytest.mark.parametrize("names", ["ok", "fail", "ok fail", "ok html", "grader"])
def test_json_to_stdout_is_all_there_is(names, capsys):
    paths = [f"{name}.ipynb" for name in names.split()]
    main(["--json", "-", *paths])
    out = capsys.readouterr().out
    reports = [json.loads(out)] if len(paths) == 1 else [json.loads(x) for x in out.splitlines()]
    assert [item["submission"]["path"] for item in reports] == [
        path for path in paths if not path.startswith("html")
    ]


def test_json_to_stdout_is_empty_when_nothing_was_graded(capsys):
    assert main(["--json", "-", "html.ipynb"]) == 2
    assert capsys.readouterr().out == ""


def test_json_file_beside_the_printed_report(tmp_path, capsys):
    target = tmp_path / "report.json"
    assert main(["fail.ipynb", "--json", str(target)]) == 1
    assert json.loads(target.read_text())["score"] == 0
    assert target.read_text().startswith("{\n  ")
    assert capsys.readouterr().out.startswith("mlp  fail.ipynb")


def test_json_file_of_several_is_json_lines_even_if_one_was_read(tmp_path):
    target = tmp_path / "results.jsonl"
    assert main(["ok.ipynb", "html.ipynb", "--json", str(target)]) == 1
    assert len(target.read_text().splitlines()) == 1
    assert json.loads(target.read_text())["submission"]["path"] == "ok.ipynb"


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
    monkeypatch.setitem(sys.modules, "grader.grading", None)
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


# ---------------------------------------------------------------- as a process

PROGRAM = """
import sys, types
sys.path.insert(0, {here!r})
import test_main
module = types.ModuleType("grader.grading")
module.Grader = type("Fake", (test_main.FakeGrader,), {{"graded": []}})
sys.modules["grader.grading"] = module
from grader.cli import main
sys.exit(main())
"""


def command(*argv: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM.format(here=str(HERE)), *argv]


def process(*argv: str, **options) -> subprocess.CompletedProcess:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(argv, env=env, check=False, timeout=60, **options)


@pytest.mark.parametrize(("name", "status"), [("ok", 0), ("fail", 1)])
@pytest.mark.parametrize("extra", [(), ("--json", "-")])
def test_a_reader_that_leaves_changes_nothing(name, status, extra):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = process(*command(f"{name}.ipynb", *extra), stdout=closed)
    assert done.returncode == status
    assert b"roken" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_error_with_a_hint():
    with Path("/dev/full").open("wb") as full:
        done = process(*command("ok.ipynb"), stdout=full)
    assert done.returncode == 2
    assert b"error: cannot write to standard output: No space left on device" in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_python_m_grader_is_the_same_program():
    done = process(sys.executable, "-m", "grader", "--version")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"grader ")
    assert process(sys.executable, "-m", "grader").returncode == 2


def test_help_imports_nothing_slow():
    program = (
        "import sys; from grader.cli import main; code = main(['--help']);"
        "print([m for m in ('torch', 'numpy', 'rich', 'nbformat', 'grader.grading')"
        " if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    begun = time.perf_counter()
    done = process(sys.executable, "-c", program)
    assert done.returncode == 0
    assert done.stderr == b"[]\n"
    assert time.perf_counter() - begun < 5


def test_progress_never_touches_stdout_or_a_file():
    done = process(*command("ok.ipynb", "fail.ipynb"))
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"running" not in done.stdout + done.stderr
