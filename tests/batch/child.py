"""Runs ``grade`` as a process of its own, and finds what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.batch.conftest import COMMAND
from tests.batch.grading import USUAL
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

_GONE_SECONDS = 20.0


def start(home: Path, *more: str, command: Sequence[str] = COMMAND) -> subprocess.Popen[str]:
    """Start grading in ``home``, with a folder of temporary files that names all its workers."""
    scratch = scratch_of(home)
    scratch.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "grader", *command, *USUAL, *more],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that starts the tests in the background has them ignore Ctrl-C, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def scratch_of(home: Path) -> Path:
    """Return the folder for temporary files of what runs in ``home``."""
    return home / "scratch"


def wait_for_results(process: subprocess.Popen[str], home: Path, size: int) -> None:
    """Wait until the database has grown by so many bytes; it must happen before the end."""
    files = [home / "graded" / name for name in ("grades.db", "grades.db-wal")]
    before = _size(files)
    while _size(files) < before + size:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def left_behind(home: Path) -> list[str]:
    """Return the command lines of workers that are still there, after some patience."""
    deadline = time.monotonic() + _GONE_SECONDS
    while (found := _workers(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _workers(home: Path) -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:  # it has ended
            continue
        if str(scratch_of(home)) in words:
            found.append(words)
    return found


def _size(files: Sequence[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.exists())
