"""One notebook from a cold start, against importing PyTorch alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import Section, figure
from tests.notebooks import REFERENCE, ROOT

_HOW = (
    "`grade` on the solved notebook and `python -c 'import torch, torch._dynamo'` in turn; to the "
    "import is added what the report says the training took"
)


def measure(rounds: int) -> Section:
    graded, imported, trained = [], [], []
    importing = [sys.executable, "-c", "import torch, torch._dynamo"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        grade = [sys.executable, "-m", "grader", str(REFERENCE), "--device", "cpu", "--json"]
        for number in range(rounds + 1):
            whole, alone = _seconds([*grade, str(report)]), _seconds(importing)
            if number == 0:  # warms the file cache
                continue
            checks = json.loads(report.read_text(encoding="utf-8"))["checks"]
            graded.append(whole)
            imported.append(alone)
            trained.append(next(c["seconds"] for c in checks if c["id"] == "learns"))
    ratios = [g / (i + t) for g, i, t in zip(graded, imported, trained, strict=True)]
    return Section(
        "cold",
        "One notebook, cold",
        _HOW,
        (
            figure("grade / (import + training)", "x", ratios, "≤1.5"),
            figure("grade", "s", graded),
            figure("import torch, torch._dynamo", "s", imported),
            figure("training", "s", trained),
        ),
    )


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - started
