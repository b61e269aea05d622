"""How long one notebook takes from a cold start, against importing PyTorch alone.

    python tests/benchmarks/cold_run.py [RUNS]

Both are run in turn, so that a busy machine slows both; read the ratio, not the seconds. What is
compared with is ``import torch, torch._dynamo`` (the first optimizer imports the latter) plus the
time that the report says the training took.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "reference" / "mlp" / "mlp.ipynb"
TARGET = 1.5


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - started


def main(runs: int) -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        grade = [sys.executable, "-m", "grader", str(NOTEBOOK), "--device", "cpu", "--json"]
        importing = [sys.executable, "-c", "import torch, torch._dynamo"]
        for number in range(runs + 1):
            graded = seconds([*grade, str(report)])
            imported = seconds(importing)
            checks = json.loads(report.read_text(encoding="utf-8"))["checks"]
            trained = next(c["seconds"] for c in checks if c["id"] == "learns")
            if number:  # the first of each warms the file cache
                rows.append((graded, imported, trained, graded / (imported + trained)))
    print("grade s  import s  training s  ratio")
    for row in rows:
        print("{:7.2f} {:9.2f} {:11.2f} {:6.2f}".format(*row))
    ratio = statistics.median(row[3] for row in rows)
    print(f"median ratio {ratio:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
