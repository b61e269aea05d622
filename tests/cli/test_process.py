"""The command as a process of its own: its streams, and what it imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

PROGRAM = """
import sys, types
from tests.cli.stand_in import FakeSession
module = types.ModuleType("grader.grading.session")
module.Session = type("Fake", (FakeSession,), {"graded": []})
sys.modules["grader.grading.session"] = module
from grader.cli import main
sys.exit(main())
"""


def command(*argv: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, *argv]


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
        "print([m for m in ('torch', 'numpy', 'rich', 'nbformat', 'grader.grading.grader')"
        " if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = process(sys.executable, "-c", program)
    assert done.returncode == 0
    assert done.stderr == b"[]\n"


def test_progress_never_touches_stdout_or_a_file():
    done = process(*command("ok.ipynb", "fail.ipynb"))
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"running" not in done.stdout + done.stderr
