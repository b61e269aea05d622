"""The most memory that a command and its worker hold while a class is graded."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.figures import Section, figure
from tests.benchmarks.students import whole_class
from tests.notebooks import ROOT


def measure(count: int) -> Section:
    students = [s for s in whole_class(count) if not s.kind.startswith("hostile")]
    with tempfile.TemporaryDirectory() as name:
        handed_in = Path(name) / "class"
        handed_in.mkdir()
        for student in students:
            path = handed_in / f"{student.name}.ipynb"
            path.write_text(json.dumps(student.notebook()), encoding="utf-8")
        command = [sys.executable, "-m", "grader", str(handed_in), "-o", str(Path(name) / "out")]
        ran = processes.run([*command, "--device", "cpu"], ROOT)
    return Section(
        "memory",
        "Peak memory",
        "resident memory as the kernel counts it, most of it files mapped by every process that "
        "imports PyTorch; a child's private memory is among the stages",
        (
            figure("the process that judges", "MB", ran.peaks[:1]),
            figure("the zygote, or its largest child", "MB", ran.peaks[1:2]),
        ),
    )
