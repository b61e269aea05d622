"""Runs a command and looks, from outside, at the processes that it becomes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """A command that has ended: wall-clock and processor seconds of all its processes.

    ``peaks`` is the most memory that each was seen to hold in MB, the command's own first.
    """

    status: int
    seconds: float
    cpu_seconds: float
    peaks: tuple[float, ...]


def run(command: list[str], folder: Path) -> Ran:
    """Run to the end; what is printed is thrown away."""
    before, started = os.times(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peaks: dict[int, float] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    others = sorted((peak for pid, peak in peaks.items() if pid != process.pid), reverse=True)
    return Ran(status, seconds, cpu, (peaks.get(process.pid, 0.0), *others))


def _watch(root: int, peaks: dict[int, float], ended: threading.Event) -> None:
    while not ended.wait(0.5):
        for pid in [root, *descendants(root)]:
            peaks[pid] = max(peaks.get(pid, 0.0), status_mb(pid, "VmHWM"))


def descendants(root: int) -> list[int]:
    """Return the process ids of all processes below one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found, todo = [], [root]
    while todo:
        here = todo.pop()
        children = [pid for pid, parent in parents.items() if parent == here]
        found += children
        todo += children
    return found


def status_mb(pid: int, what: str) -> float:
    """Return a line of ``/proc/PID/status`` in MB, 0 if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = [line for line in text.splitlines() if line.startswith(f"{what}:")]
    return int(found[0].split()[1]) / 1024 if found else 0.0
