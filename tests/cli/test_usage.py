"""Options: those that reach the engine, and those that are refused with a hint."""

from __future__ import annotations

import pytest

from grader.cli import main
from grader.cli.commands import COMMANDS

from .stand_in import error_of

pytestmark = pytest.mark.usefixtures("engine")


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
        (["--hepl"], "there is no option --hepl", "did you mean --help?"),
        (["--html", "a"], "there is no option --html", "grade --help"),
        (["--frobnicate", "a"], "there is no option --frobnicate", "grade --help"),
        (["audi"], "there is no file audi", "did you mean grade audit?"),
        (["rescor", "graded"], "there is no file rescor", "did you mean grade rescore?"),
        (["x.ipynb", "--roster", "r.csv"], "--roster is for a whole class", "grade FOLDER"),
        (["x.ipynb", "--groups", "g.csv"], "--groups is for a whole class", "grade FOLDER"),
        (["x.ipynb", "--jobs", "2"], "--jobs is for a whole class", "grade FOLDER"),
        (["x.ipynb", "--no-grouping"], "--no-grouping is for a whole class", "grade FOLDER"),
        (["x.ipynb", "--gradebook", "b.csv"], "--gradebook writes into the class's", "-o OUT"),
        (["x.ipynb", "--column", "MLP"], "--column writes into the class's folder", "-o OUT"),
        (["x.ipynb", "--only", "kim"], "--only is about a class", "-o OUT --only"),
        (["x.ipynb", "--replace"], "--replace is about a class", "-o OUT --replace"),
        (["x.ipynb", "--forget", "zip"], "--forget is about a class", "-o OUT --forget"),
        (["-o", "g", "--only", "a", "--replace"], "--only keeps everyone else", "one of the two"),
        (["-o", "g", "--forget", "zips"], "--forget zips: nothing of that", "did you mean zip?"),
        (["-o", "g", "--forget", "seed"], "--forget seed: nothing of that", "it can be roster"),
        (["-o", "/no/such/folder/g"], "g holds no graded class", "grade PATH -o OUT"),
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
        *("--data", str(tmp_path), "--python", "python3.14"),
        *("--assignment", "mlp", "ok.ipynb"),
    ]
    assert main(argv) == 0
    assert engine.made == {
        "device": "cuda:1",
        "seed": 0,
        "isolation": "strict",
        "timeout": 2.5,
        "data": str(tmp_path),
        "python": "python3.14",
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
        "python": None,
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
    for name in COMMANDS:
        assert f"grade {name}" in text
    assert max(map(len, text.splitlines())) <= 100
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("grader ")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(command, option, capsys):
    assert main([command, option]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: grade {command}")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_refuses_an_option_that_it_does_not_have(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = [command, "x", "--zzz"] if command == "rescore" else [command, "--zzz"]
    assert main(given) == 2
    assert "hint: " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
