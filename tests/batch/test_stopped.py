"""A run that is stopped: the next one knows, and takes no half of it for a state."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.batch.grading import by_student
from tests.batch.marked import SECONDS
from tests.batch.one_class import FIRST, POINTS, OneClass, files, said
from tests.batch.test_any_order import killed_at
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SAID = "the run before this one was stopped: every file is written anew"


@pytest.fixture
def one(tmp_path: Path) -> OneClass:
    made = OneClass(tmp_path)
    made.first()
    return made


@pytest.mark.parametrize("step", [14, 20, 30])
def test_a_class_that_is_half_graded_is_not_judged_or_amended(step: int, one: OneClass) -> None:
    one.hand_in("kim", 95)
    with killed_at(step):
        one.grade("-o", "g")
        pytest.fail("it was not killed")
    for command in (("rescore", "g"), ("-o", "g", "--only", "lee")):
        ran = one.grade(*command)
        assert ran.status == 2
        assert "the last run was stopped before the class was graded" in ran.err
    ran = one.grade("-o", "g")
    assert SAID in ran.err
    assert "Kim Minsu (kim): 40 → 95" in ran.out, "since the outputs were last whole"
    assert said(one.out)["gradebook"] == {**POINTS, "kim": 95}
    assert SAID not in one.grade("rescore", "g").err


@pytest.mark.parametrize("step", [10, 16, 17, 18, 19, 20, 30])
def test_the_student_whose_grading_was_stopped_is_graded_with_the_next(
    step: int, one: OneClass
) -> None:
    one.hand_in("kim", 95, "one")
    with killed_at(step):
        one.grade("one/kim.ipynb", "-o", "g", "--only", "kim")
        pytest.fail("it was not killed")
    assert one.grade("-o", "g", "--only", "lee").status == 0
    about = by_student(one.out)["kim"]["submission"]
    content = (one.home / about["path"]).read_bytes()
    assert about["sha256"] == hashlib.sha256(content).hexdigest(), "no points of another file"
    kim = {"in/kim.ipynb": 40, "one/kim.ipynb": 95}[about["path"]]
    for where, points in said(one.out).items():
        assert points == {**POINTS, "kim": kim}, where


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_9_and_the_same_command(tmp_path: Path) -> None:
    clean, killed = OneClass(tmp_path / "clean"), OneClass(tmp_path / "killed")
    clean.first()
    command = [sys.executable, "-m", "tests.batch.marked", *FIRST, "--seed", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), SECONDS: "0.2"}
    process = subprocess.Popen(command, cwd=killed.home, env=environment)
    pages = killed.out / "feedback"
    deadline = time.monotonic() + 60
    while not pages.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    ran = killed.grade(*FIRST)
    assert SAID in ran.err
    assert files(killed.out) == files(clean.out)
