"""A command without a stderr, under a signal, a mask or a limit, and what it leaves behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from grader import own_limits, temporary
from grader.errors import GraderError, InternalError
from grader.files import save
from grader.own_limits import by_a_limit
from tests.batch.marked import SECONDS, notebook
from tests.batch.one_class import FIRST, POINTS, OneClass, said
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and masks are POSIX'")


def command(home: Path, *arguments: str, before: str = "", seconds: str = "0", **options):
    """Start the command line with the stand-in engine in a process of its own."""
    (home / "tmp").mkdir(exist_ok=True)
    known = {"PYTHONPATH": str(ROOT), SECONDS: seconds, "TMPDIR": str(home / "tmp")}
    shell = f'{before}exec "$0" -m tests.batch.marked "$@"'
    argv = ["bash", "-c", shell, sys.executable, *arguments, "--seed", "1"]
    return subprocess.Popen(
        argv, cwd=home, env={**os.environ, **known}, stdout=subprocess.PIPE, **options
    )


@pytest.mark.slow
@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full", "2>&1 2>&-"])
def test_without_a_stderr_all_is_graded(tmp_path: Path, stderr: str) -> None:
    one = OneClass(tmp_path / "class")
    process = command(one.home, *FIRST, before=f"exec {stderr}; ")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Multilayer perceptron" in out
    assert said(one.out)["results"] == POINTS


@pytest.mark.slow
def test_a_mask_that_hides_files_from_their_owner(tmp_path: Path) -> None:
    one = OneClass(tmp_path / "class")
    process = command(one.home, *FIRST, before="umask 777; ")
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert all(path.stat().st_mode & 0o600 == 0o600 for path in one.out.glob("*.*"))


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_a_signal_leaves_no_folder_for_longer_than_to_the_next_run(
    tmp_path: Path, number: int, status: int
) -> None:
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(notebook(50))
    process = command(tmp_path, "in", "--jobs", "1", seconds="30", stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list((tmp_path / "tmp").glob("*/grades.db")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in err
    left = list((tmp_path / "tmp").iterdir())
    assert bool(left) == (number == signal.SIGKILL)
    again = command(tmp_path, "in", stderr=subprocess.PIPE)
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert not list((tmp_path / "tmp").iterdir())


def test_only_what_nobody_holds_is_removed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "grader-held-without-lock").mkdir()
    (tmp_path / "grader-held-link").symlink_to(tmp_path / "grader-held-without-lock")
    (tmp_path / "grader-held-old").mkdir()
    (tmp_path / "grader-held-old" / ".lock").touch()
    with temporary.temporary_folder() as held, temporary.temporary_folder() as other:
        assert held != other
        assert held.is_dir()
        names = {path.name for path in tmp_path.iterdir()} - {held.name, other.name}
    assert names == {"grader-held-without-lock", "grader-held-link"}


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "report.html").symlink_to(tmp_path / "mine")
    save(tmp_path / "report.html", b"ours")
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "report.html").read_bytes() == b"ours"


@pytest.mark.parametrize(
    ("error", "low", "named"),
    [
        (OSError(errno.EFBIG, "x"), {"RLIMIT_FSIZE": 2**20}, "the size of files (1 MiB)"),
        (InternalError("no worker"), {"RLIMIT_AS": 2**31}, "address space (2,048 MiB)"),
        (RuntimeError("can't start new thread"), {"RLIMIT_NPROC": 4}, "threads (4)"),
        (MemoryError(), {}, ""),
        (OSError(errno.ENOENT, "x"), {"RLIMIT_AS": 2**31}, ""),
        (ValueError("x"), {"RLIMIT_AS": 2**31}, ""),
    ],
)
def test_a_limit_is_named(monkeypatch, error: Exception, low: dict, named: str) -> None:
    limits = {getattr(own_limits.resource, name): value for name, value in low.items()}
    monkeypatch.setattr(own_limits.resource, "getrlimit", lambda which: (limits.get(which, -1), -1))
    found = by_a_limit(error)
    assert (found is None) == (not named)
    if found is not None:
        assert isinstance(found, GraderError)
        assert named in found.message
        assert "ulimit -" in (found.hint or "")
