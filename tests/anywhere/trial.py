"""Grades the solved notebook in changed surroundings, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 180
# The command is executed anew once the surroundings are changed: Python reads some at its start.
_CODE = """
import os, sys
from pathlib import Path

folder, setting, machine, *command = sys.argv[1:]
from tests.anywhere.machines import MACHINES
from tests.attacks import settings

root = os.getcwd()
settings.enter(setting, folder)
os.environ["PYTHONPATH"] = root
MACHINES[machine](Path(folder))
os.execv(sys.executable, [sys.executable, "-m", "grader", *command])
"""


@dataclass(frozen=True)
class Outcome:
    """How the command ended: its status, its score where it wrote one, and what it said."""

    status: int
    score: float | None
    said: str

    @property
    def right(self) -> bool:
        """Full points, or an error that says what is missing before anything is graded."""
        if self.status == 0:
            return self.score == 100
        told = self.status == 2 and self.score is None and "Traceback" not in self.said
        return told and ("error:" in self.said or not self.said)

    @property
    def words(self) -> str:
        """The outcome for a cell of the table."""
        if self.right:
            return "100" if self.status == 0 else "refused"
        return f"WRONG ({self.status}): {self.said[-120:].strip()!r}"


def tried(machine: str, setting: str = "here") -> Outcome:
    """Grade in a machine's surroundings, as who the setting makes of this process."""
    with tempfile.TemporaryDirectory(prefix="anywhere-", ignore_cleanup_errors=True) as name:
        home = Path(name) / "home"
        home.mkdir()
        Path(name).chmod(0o755)
        report = home / "report.json"
        command = [str(ROOT / "reference" / "mlp" / "mlp.ipynb"), "--seed", "1"]
        command += ["--device", "cpu", "--json", str(report)]
        done = subprocess.run(
            [sys.executable, "-c", _CODE, str(home), setting, machine, *command],
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        try:
            score = json.loads(report.read_text("utf-8"))["score"]
        except (OSError, ValueError, KeyError):
            score = None
    return Outcome(done.returncode, score, (done.stdout + done.stderr).decode(errors="replace"))
