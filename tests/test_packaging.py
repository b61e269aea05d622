"""The wheel and the sdist, built, and the wheel used alone, far from the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile

import pytest
import yaml

import grader
from grader.assignment.toml_file import read_toml
from tests.notebooks import ROOT

NAME = "blankgrade"


def test_every_place_tells_the_same_version_and_name():
    project = read_toml(ROOT / "pyproject.toml").table["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["name"] == NAME
    assert re.fullmatch(r"\d+\.\d+\.\d+", grader.__version__)
    assert str(citation["version"]) == grader.__version__
    assert f"\n## {grader.__version__}\n" in changes
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["license"] == project["license"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with both, the wheel made from the sdist."""
    out = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--out-dir", str(out), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    return out


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """A function that runs ``grade`` of the wheel alone; the packages it needs are the tests'."""
    target, work = tmp_path_factory.mktemp("target"), tmp_path_factory.mktemp("work")
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True, timeout=120)

    def run(*argv):
        env = {**os.environ, "PYTHONPATH": str(target)}
        told = subprocess.run(
            [sys.executable, str(target / "bin" / "grade"), *map(str, argv)],
            cwd=work,
            env=env,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        return told.returncode, told.stdout + told.stderr

    where = "import grader; print(grader.__file__)"
    env = {**os.environ, "PYTHONPATH": str(target)}
    shown = subprocess.run(
        [sys.executable, "-c", where], cwd=work, env=env, capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith(str(target)), "the wheel's, not the checkout's"
    return run, work


@pytest.mark.slow
def test_the_sdist_has_what_builds_and_tests_it_and_nothing_of_git(built):
    (sdist,) = built.glob("*.tar.gz")
    assert sdist.name == f"{NAME}-{grader.__version__}.tar.gz"
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "grader/py.typed"} <= names
    assert {"reference/mlp/assignment.toml", "tests/samples/submission.ipynb"} <= names
    assert not [name for name in names if name.startswith((".git/", ".ci", "shared"))]


@pytest.mark.slow
def test_the_wheel_alone_grades_makes_templates_and_audits(installed):
    run, work = installed
    assert run("--version") == (0, f"grader {grader.__version__}\n")
    shutil.copy(ROOT / "tests" / "samples" / "submission.ipynb", work)
    status, told = run("submission.ipynb", "--seed", "7")
    assert (status, "gradients are never cleared" in told) == (1, True), told
    status, told = run("new", "homework")
    assert status == 0, told
    status, told = run("template", "build")
    assert status == 0, told
    status, told = run("audit", "--assignment", "reference/homework")
    assert status == 0, told
    status, told = run("completion", "bash")
    assert status == 0
    assert "complete" in told
