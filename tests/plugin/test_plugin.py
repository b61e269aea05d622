"""pytest --submission: outcomes, words, selection, workers; and nothing at all without it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.notebooks import code, write

from . import fake_engine
from .fake_engine import IDS

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "tests" / "samples" / "submission.ipynb"
# By module, also where the package is installed with its entry point "grader".
PLUGIN = ("-p", "no:grader", "-p", "grader.pytest_plugin", "-p", "no:cacheprovider")
FAKE = ("-p", "tests.plugin.fake_engine")

MINE = """
def test_extra(submission_report):
    assert submission_report.score > 50, "too few"

def test_of_nothing():
    pass
"""


@pytest.fixture(autouse=True)
def folder(pytester, monkeypatch):
    """A folder with notebooks whose names say what they get."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in ("perfect", "design", "faulty", "device", "broken"):
        write(code(["x = 1"], grader={"assignment": "mlp"}), pytester.path, f"{name}.ipynb")


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest within this process, with the engine's stand-in."""
    # The module that the plugin will import, and not the one that a package remembers: an inner
    # run forgets what it imported.
    monkeypatch.setattr(import_module("grader.grading.session"), "grade", fake_engine.grade)
    return lambda *arguments: pytester.runpytest_inprocess(*PLUGIN, *arguments)


@pytest.fixture
def run_apart(pytester):
    """Run pytest in a process of its own."""
    return lambda *arguments: pytester.runpytest_subprocess(*PLUGIN, *arguments)


def graded(pytester) -> list[str]:
    return [path.read_text() for path in pytester.path.glob("graded-*")]


# ---------------------------------------------------------------- outcomes


def test_each_check_is_a_test(run):
    result = run("--submission", "design.ipynb", "-v")
    result.assert_outcomes(passed=2, failed=3)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "design.ipynb::layer_shapes PASSED*",
            "design.ipynb::forward_output PASSED*",
            "design.ipynb::eval_accuracy FAILED*",
            "design.ipynb::step_order FAILED*",
            "design.ipynb::learns FAILED*",
        ]
    )


def test_a_perfect_notebook_passes(run):
    result = run("--submission", "perfect.ipynb")
    result.assert_outcomes(passed=5)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["perfect.ipynb: 100 / 100 in 5 checks (seed 20240917)"])


def test_failures_are_words_and_no_tracebacks(run):
    result = run("--submission", "design.ipynb")
    result.stdout.fnmatch_lines(
        [
            "*design.ipynb: eval_accuracy*",
            "0 / 20: the batch size is written into view()",
            "",
            "accuracy logic · cell 7, line 8",
            "    7 │ model_pred = model(",
            "    8 │     batch_in.view(256, 28[*]28).to(device)",
            "*hint: let PyTorch work out*",
            "*design.ipynb: step_order*",
            "design.ipynb: 56 / 100 in 5 checks (seed 20240917)",
            "FAILED design.ipynb::step_order - *0 / 20: gradients are never cleared",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py:*")


def test_what_lost_points_fails_and_only_our_fault_is_an_error(run):
    result = run("--submission", "faulty.ipynb")
    result.assert_outcomes(passed=1, failed=3, errors=1)
    result.stdout.fnmatch_lines(
        [
            "0 / 20: the grader failed, not your code",
            "FAILED faulty.ipynb::forward_output - *0 / 20: nothing is filled in here",
            "ERROR faulty.ipynb::learns - *0 / 20: the grader failed, not your code",
        ]
    )


def test_pytests_own_junit_file_has_the_points(run, pytester):
    run("--submission", "design.ipynb", "--junit-xml", "report.xml")
    cases = ET.parse(pytester.path / "report.xml").findall(".//testcase")
    found = {
        case.get("name"): {item.get("name"): item.get("value") for item in case.iter("property")}
        for case in cases
    }
    assert list(found) == IDS
    assert found["learns"]["score"] == "16.0"


# ---------------------------------------------------------------- beside others


def test_an_instructors_tests_stand_beside_the_checks(run, pytester):
    pytester.makepyfile(test_mine=MINE)
    result = run("--submission", "design.ipynb")
    result.assert_outcomes(passed=4, failed=3)
    assert len(graded(pytester)) == 1, "the fixture is the same report"


def test_a_fixture_alone_is_graded_too(run, pytester):
    pytester.makepyfile(test_mine=MINE)
    result = run("--submission", "faulty.ipynb", "test_mine.py::test_extra", "-k", "extra")
    result.assert_outcomes(failed=1, deselected=5)
    result.stdout.fnmatch_lines(["E*too few*"])


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("-k", "learns"), {"learns"}),
        (("design.ipynb::learns", "design.ipynb::step_order"), {"learns", "step_order"}),
        (("design.ipynb",), set(IDS)),
        ((".", "design.ipynb"), {*IDS, "test_extra", "test_of_nothing"}),
        (("test_mine.py",), {*IDS, "test_extra", "test_of_nothing"}),
        ((), {*IDS, "test_extra", "test_of_nothing"}),
    ],
)
def test_selection(arguments, names, run, pytester):
    pytester.makepyfile(test_mine=MINE)
    result = run("--submission", "design.ipynb", "--collect-only", "-q", *arguments)
    collected = [row.split("::")[1] for row in result.outlines if "::" in row]
    assert sorted(collected) == sorted(names)
    assert graded(pytester) == [], "collecting does not grade"


@pytest.mark.parametrize("folder", ["build", ".hidden", "../elsewhere"])
def test_wherever_the_notebook_lies(folder, run, pytester):
    path = pytester.path / folder
    path.mkdir()
    write(code(["x = 1"], grader={"assignment": "mlp"}), path, "perfect.ipynb")
    run("--submission", f"{folder}/perfect.ipynb").assert_outcomes(passed=5)


def test_options_reach_the_engine(run, pytester):
    options = ("--submission-seed", "7", "--submission-isolation", "strict")
    run("--submission", "perfect.ipynb", *options, "--submission-assignment", "mlp")
    assert graded(pytester) == ["{'assignment': 'mlp', 'seed': 7, 'isolation': 'strict'}"]


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--submission", "missing.ipynb"), "ERROR: --submission missing.ipynb: there is no such"),
        (("--submission", "design.ipynb", "--submission-seed", "-1"), "not a seed"),
        (("--submission", "design.ipynb", "--submission-isolation", "off"), "invalid choice"),
    ],
)
def test_wrong_usage(arguments, words, run):
    result = run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{words}*"])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_a_file_that_is_no_notebook_is_an_error_of_its_collection(run, pytester):
    (pytester.path / "page.ipynb").write_text("<html><body>Sign in</body></html>")
    result = run("--submission", "page.ipynb")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*page.ipynb looks like a saved web page*", "hint: *"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert graded(pytester) == []


def test_an_unknown_assignment_is_an_error_of_its_collection(run):
    result = run("--submission", "design.ipynb", "--submission-assignment", "nothing")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*nothing*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_cannot_be_graded_is_tried_once(run, pytester):
    pytester.makepyfile(test_mine=MINE)
    result = run("--submission", "device.ipynb")
    result.assert_outcomes(passed=1, errors=6)
    result.stdout.fnmatch_lines(["there is no device cuda:7 here", "", "hint: use --device cpu"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert len(graded(pytester)) == 1


def test_a_fault_of_the_graders_own_is_an_error(run):
    result = run("--submission", "broken.ipynb", "-k", "learns")
    result.assert_outcomes(errors=1, deselected=4)
    result.stdout.fnmatch_lines(["*InternalError: the worker did not start*"])


# ---------------------------------------------------------------- workers


@pytest.mark.slow
def test_workers_grade_once(run_apart, pytester):
    pytester.makepyfile(test_mine=MINE)
    workers = (*FAKE, "-p", "xdist", "--submission", "design.ipynb", "-n", "2")
    result = run_apart(*workers, "--dist", "each")
    assert len(graded(pytester)) == 1
    result.assert_outcomes(passed=8, failed=6)
    result = run_apart(*workers)
    assert len(graded(pytester)) == 2, "another run grades anew"
    result.assert_outcomes(passed=4, failed=3)
    result.stdout.fnmatch_lines(["design.ipynb: 56 / 100 in 5 checks (seed 20240917)"])


# ---------------------------------------------------------------- without the option


def test_without_a_submission_the_fixture_skips(run, pytester):
    pytester.makepyfile(test_mine=MINE)
    result = run("-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*needs --submission NOTEBOOK"])


def test_without_a_submission_nothing_is_imported(run_apart, pytester):
    pytester.makepyfile(
        test_modules="""
        import sys

        def test_modules():
            found = {name for name in sys.modules if name.split(".")[0] in ("grader", "torch")}
            light = {"grader", "grader.errors", "grader.report", "grader.pytest_plugin"}
            assert found == light
            assert "numpy" not in sys.modules
        """
    )
    run_apart().assert_outcomes(passed=1)


@pytest.mark.slow
def test_pytest_finds_the_plugin_by_its_entry_point(pytester, monkeypatch):
    """As an installed package declares it; the name is what -p no:grader turns off."""
    package = pytester.path / "site" / "grader_entry-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: grader-entry\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[pytest11]\ngrader = grader.pytest_plugin\n")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{package.parent}")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    for off, status in (((), 0), (("-p", "no:grader"), pytest.ExitCode.USAGE_ERROR)):
        result = pytester.run(
            *(sys.executable, "-m", "pytest", *FAKE, *off),
            *("--submission", "perfect.ipynb"),
        )
        assert result.ret == status


# ---------------------------------------------------------------- a real one


def test_a_real_notebook(tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *PLUGIN, "-q"),
            *("--submission", SAMPLE, "--submission-seed", "7", "--rootdir", tmp_path),
            *("-W", "error", "--junit-xml", tmp_path / "report.xml", SAMPLE),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    cases = ET.parse(tmp_path / "report.xml").findall(".//testcase")
    assert [case.get("name") for case in cases] == IDS
    assert [case.find("failure") is None for case in cases] == [True, True, False, False, False]
    assert "gradients are never cleared" in done.stdout
    assert json.loads(SAMPLE.read_text(encoding="utf-8"))["nbformat"] == 4
