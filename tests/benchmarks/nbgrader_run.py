"""Runs nbgrader on a course, as its manual says, and takes the time of each submission."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.nbgrader_course import ASSIGNMENT, write_course

if TYPE_CHECKING:
    from tests.benchmarks.students import Student

_BEGINS = re.compile(r"Copying .*/submitted/([^/]+)/")


@dataclass(frozen=True)
class PeerTimes:
    """Seconds until the first submission, and of each submission by its student's name."""

    starting: float
    submissions: dict[str, float]
    scores: dict[str, float]
    cpu_seconds: float


def find_nbgrader(python: str | None) -> str | None:
    """Return the Python that has nbgrader: the one that was named, or this one."""
    wanted = python or sys.executable
    found = subprocess.run(
        [wanted, "-c", "import nbgrader, torch"], capture_output=True, check=False
    )
    return wanted if found.returncode == 0 else None


def grade_with_nbgrader(python: str, folder: Path, students: list[Student]) -> PeerTimes:
    """Autograde these students' notebooks one after another, as ``nbgrader autograde`` does."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_course(folder, students)
    nbgrader = [python, "-m", "nbgrader"]
    # Jupyter's own files shall not depend on who runs this.
    home = {f"JUPYTER_{name}_DIR": str(folder / "home") for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = {**os.environ, **home, "IPYTHONDIR": str(folder / "home")}
    # It starts a program of its own by name, from where its Python is.
    environment["PATH"] = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    made = [*nbgrader, "generate_assignment", ASSIGNMENT, "--force"]
    subprocess.run(made, cwd=folder, env=environment, check=True, capture_output=True)
    started = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(
        [*nbgrader, "autograde", ASSIGNMENT, "--force"],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    begun: list[tuple[str, float]] = []
    for line in process.stderr:
        found = _BEGINS.search(line)
        if found and found[1] not in {name for name, _ in begun}:
            begun.append((found[1], time.perf_counter()))
    process.wait()
    ended = time.perf_counter()
    after = os.times()
    _end_leftovers(process.pid)
    if len(begun) != len(students):
        raise RuntimeError(f"nbgrader began {len(begun)} of {len(students)} submissions")
    times = [moment for _, moment in begun] + [ended]
    return PeerTimes(
        starting=times[0] - started,
        submissions={name: times[k + 1] - moment for k, (name, moment) in enumerate(begun)},
        scores=_scores(folder / "gradebook.db"),
        cpu_seconds=sum(after[2:4]) - sum(before[2:4]),
    )


def _scores(database: Path) -> dict[str, float]:
    """Return what nbgrader gave each student, from its database."""
    query = """
        select sa.student_id, sum(coalesce(g.manual_score, g.auto_score, 0))
        from grade g join submitted_notebook sn on g.notebook_id = sn.id
        join submitted_assignment sa on sn.assignment_id = sa.id group by sa.student_id"""
    with sqlite3.connect(database) as connection:
        return {name: float(score) for name, score in connection.execute(query)}


def _end_leftovers(group: int) -> None:
    """End what a submission left running in nbgrader's session: the next run shall not pay."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group:
            os.kill(int(entry.name), signal.SIGKILL)
