"""Disturbs the grading of a class, goes on with the same command, and compares what was written.

``python -m tests.disturbed`` ends it 20 times by SIGKILL and 5 times by each other signal, at
moments drawn from a seed, for a class of 60. ``--real`` runs the students' programs, for which an
engine stands in otherwise. It prints a table and fails where an output differs or something is
left: a process, or a file in the temporary folder.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.batch.marked import SECONDS, notebook
from tests.batch.one_class import files
from tests.notebooks import ROOT

SIGNALS = {"SIGKILL": 20, "SIGTERM": 5, "SIGHUP": 5, "SIGINT": 5, "SIGQUIT": 5, "SIGPIPE": 5}
# How the command may end: by the signal, as a shell says it for it, or whole, as it came too late.
_WHOLE = 0
_PATIENCE = 600


def main() -> int:
    """Disturb as often as was asked for, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.disturbed", description=__doc__)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--times", type=int, help="how often each signal, instead of 20 and 5")
    parser.add_argument("--real", action="store_true", help="run the students' programs")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for folder in ("in", "tmp"):
            (home / folder).mkdir()
        for number in range(asked.students):
            path = home / "in" / f"s{number:03}.ipynb"
            path.write_bytes(notebook(number % 101, blank=number % 7 == 6))
        begin = time.monotonic()
        assert _finish(_started(home, "calm", real=asked.real)) == _WHOLE
        seconds, calm = time.monotonic() - begin, _files(home / "calm")
        print("| signal | times | ended | outputs differ | left |\n| --- | --- | --- | --- | --- |")
        bad = 0
        for sent, often in SIGNALS.items():
            ended: Counter[int] = Counter()
            differ = left = 0
            for number in range(asked.times or often):
                out = f"{sent}-{number}"
                process = _started(home, out, real=asked.real)
                time.sleep(draw.uniform(0.1, 1.0) * seconds)
                process.send_signal(signal.Signals[sent])
                ended[_finish(process)] += 1
                left += _alive(home)
                assert _finish(_started(home, out, real=asked.real)) == _WHOLE
                differ += _files(home / out) != calm
                left += len(list((home / "tmp").iterdir())) + _alive(home)
            bad += differ + left
            ways = ", ".join(f"{status} ({times})" for status, times in sorted(ended.items()))
            print(f"| {sent} | {ended.total()} | {ways} | {differ} | {left} |", flush=True)
    return 1 if bad else 0


def _started(home: Path, out: str, *, real: bool) -> subprocess.Popen[bytes]:
    module = "grader" if real else "tests.batch.marked"
    known = {"PYTHONPATH": str(ROOT), SECONDS: "0.05", "TMPDIR": str(home / "tmp")}
    return subprocess.Popen(
        [sys.executable, "-m", module, "in", "-o", out, "--seed", "1", "--assignment", "mlp"],
        cwd=home,
        env={**os.environ, **known},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _finish(process: subprocess.Popen[bytes]) -> int:
    return process.wait(timeout=_PATIENCE)


def _files(out: Path) -> dict[str, bytes]:
    """Return what was written, without times, which differ in every run of programs."""
    seconds = re.compile(rb'"seconds": [0-9.e-]+')
    return {name: seconds.sub(b"", data) for name, data in files(out).items()}


def _alive(home: Path) -> int:
    """Return how many processes work in the class's folder two seconds later."""
    deadline = time.monotonic() + 2
    while (count := sum(_works_in(path, home) for path in Path("/proc").glob("[0-9]*"))) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    return count


def _works_in(process: Path, home: Path) -> bool:
    try:
        return f"TMPDIR={home / 'tmp'}".encode() in (process / "environ").read_bytes()
    except OSError:  # it has ended
        return False


if __name__ == "__main__":
    sys.exit(main())
