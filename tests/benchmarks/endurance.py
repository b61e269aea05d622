"""A thousand notebooks in a row through one grader: nothing may grow, nothing may slow down."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest import mock

from grader.assignment import load_assignment
from grader.grading.grader import Grader
from grader.notebook.read import read_notebook
from tests.benchmarks.figures import Section, figure
from tests.benchmarks.processes import descendants, status_mb
from tests.notebooks import filled, solved, write

_MISTAKES = ({}, {4: "y_pred != y_trgt"}, {5: "pass"}, {1: "784, 256"})


def measure(count: int, folder: Path) -> Section:
    """Grade ``count`` notebooks, each run by itself, and look at the process in between."""
    paths = [
        write(filled(answers) if answers else solved(), folder, f"{number}.ipynb")
        for number, answers in enumerate(_MISTAKES)
    ]
    assignment = _quick(folder)
    seconds: list[float] = []
    looks: list[dict[str, float]] = []
    scores: set[tuple[int, float]] = set()
    every = max(count // 10, 1)
    scratch = folder / "scratch"
    scratch.mkdir()
    with (
        mock.patch.object(tempfile, "tempdir", str(scratch)),  # nobody else's files are counted
        Grader(assignment=assignment, device="cpu", seed=1, grouping=False) as grader,
    ):
        for path in paths:
            grader.grade(path)
        for number in range(count):
            which = number % len(paths)
            started = time.perf_counter()
            report = grader.grade_notebook(read_notebook(paths[which]), f"{number}.ipynb")
            seconds.append(time.perf_counter() - started)
            scores.add((which, report.score))
            if number == 0 or (number + 1) % every == 0:
                looks.append(_look())
    if len(scores) != len(paths):
        raise RuntimeError(f"the same notebook got different points: {sorted(scores)}")
    first, last = looks[0], looks[-1]
    tenth = max(count // 10, 1)
    growth = [
        figure(name, unit, [last[name] - first[name]], target)
        for name, unit, target in (
            ("memory of the process that judges: growth", "MB", "≤40"),
            ("memory of the zygote: growth", "MB", "≤40"),
            ("descriptors: growth", "", "≤0"),
            ("zygote's descriptors: growth", "", "≤0"),
            ("processes: growth", "", "≤0"),
            ("files in scratch: growth", "", "≤0"),
        )
    ]
    pace = median(seconds[-tenth:]) / median(seconds[:tenth])
    return Section(
        "endurance",
        f"{count} notebooks in a row",
        "through one Grader and one zygote, grouping off, four kinds of notebook in turn; the "
        "training is two batches long here. Growth is from the first to the last notebook",
        (
            figure("last tenth / first tenth, medians", "x", [pace], "≤1.2"),
            *growth,
            figure("a notebook", "s", [median(seconds)]),
        ),
    )


def _quick(folder: Path) -> str:
    """Return the assignment with next to no training: what is looked at is everything around it."""
    copy = folder / "mlp"
    shutil.copytree(load_assignment("mlp").reference.parent, copy)
    rubric = copy / "assignment.toml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace("steps = 60", "steps = 2"), encoding="utf-8")
    return str(copy)


def _look() -> dict[str, float]:
    """Return what this process and its workers hold right now."""
    gc.collect()
    here = os.getpid()
    below = descendants(here)
    zygote = max(below, key=lambda pid: status_mb(pid, "VmRSS"))
    return {
        "memory of the process that judges: growth": status_mb(here, "VmRSS"),
        "memory of the zygote: growth": status_mb(zygote, "VmRSS"),
        "descriptors: growth": len(list(Path("/proc/self/fd").iterdir())),
        "zygote's descriptors: growth": _descriptors(zygote),
        "processes: growth": len(below),
        "files in scratch: growth": _scratch_files(),
    }


def _descriptors(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:  # only root may look into a process that is not dumpable
        return 0


def _scratch_files() -> int:
    return sum(1 for _ in Path(tempfile.gettempdir()).rglob("*"))
