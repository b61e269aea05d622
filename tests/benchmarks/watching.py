"""Runs a command and watches how much memory it and everything below it use."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.notebooks import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_SECONDS = 0.25


@dataclass
class Watched:
    """What a command took; memory in MiB, ``cpu`` the processor's seconds of all its processes.

    ``main`` is the command's own largest resident set, ``growth`` the samples of it over time,
    ``all`` the largest sum of proportional shares of it and everything below it.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    status: int = 0
    main: float = 0.0
    all: float = 0.0
    growth: list[tuple[float, float]] = field(default_factory=list)
    stderr: str = ""


def watched(command: Sequence[str], cwd: Path | None = None) -> Watched:
    """Run a command to its end; its stdout is dropped."""
    found = Watched()
    began, used = time.monotonic(), _used()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # this checkout, wherever it runs
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(process.pid, found, over, began))
    looking.start()
    _, found.stderr = process.communicate()
    over.set()
    looking.join()
    found.seconds, found.cpu = time.monotonic() - began, _used() - used
    found.status = process.returncode
    return found


def _used() -> float:
    """Return the processor time of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _look(pid: int, found: Watched, over: threading.Event, began: float) -> None:
    while not over.wait(_LOOK_SECONDS):
        mine = _kibibytes(pid, "status", "VmRSS:")
        everyone = sum(_kibibytes(one, "smaps_rollup", "Pss:") for one in _family(pid))
        found.main = max(found.main, mine / 1024)
        found.all = max(found.all, everyone / 1024)
        found.growth.append((time.monotonic() - began, mine / 1024))


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, new = [], [pid]
    while new:
        found += new
        new = [child for one in new for child in children.get(one, ())]
    return found


def _kibibytes(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
