"""Grades hostile notebooks in one setting and prints what came of it, as JSON.

``python -m tests.attacks.scoreboard SETTING FOLDER``: the setting is for good, so it has a process
of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from grader.grading import Grader
from grader.sandbox import isolation
from tests.attacks import settings
from tests.attacks.arena import arena, unharmed
from tests.attacks.notebooks import attacking, wrong
from tests.attacks.probes import HONEST, PROBES
from tests.attacks.sabotage import BOMBS, ON_THE_VERDICT
from tests.notebooks import solved, write

_SECONDS = 6.0
# What a machine without any namespace or second user id does without.
_WITHOUT = {"switch": frozenset({"namespaces", "user", "disk"})}


def main(setting: str, folder: Path) -> None:
    """Do it all with one grader, so that an attack could spoil what comes after it."""
    settings.enter(setting, str(folder))
    isolation.refused = _WITHOUT.get(setting, frozenset())
    found: dict[str, Any] = {}
    with arena(folder) as planted, Grader(device="cpu", seed=7, timeout=_SECONDS) as grader:
        cases = {
            "solved": solved(),
            "probes": attacking(PROBES, planted),
            "honest": attacking(HONEST),
            "wrong": wrong(),
            **{name: wrong(source) for name, source in ON_THE_VERDICT.items()},
            **{f"bomb: {name}": attacking(source) for name, source in BOMBS.items()},
            "solved again": solved(),
        }
        for name, notebook in cases.items():
            began = time.monotonic()
            report = grader.grade(write(notebook, folder))
            found[name] = {
                "score": report.score,
                "checks": {check.id: [check.status.value, check.score] for check in report.checks},
                "text": repr(report)[:20000],
                "seconds": time.monotonic() - began,
            }
        workers = grader.observer.runner.workers
        layers = {row.layer: row.why if row.on else f"off: {row.why}" for row in workers.layers}
        server = workers._server
        root = server._root
        rest = unharmed(folder, planted)
        secret = planted["backwards"][::-1]
    time.sleep(0.3)
    left = [p.parent.name for p in Path("/proc").glob("[0-9]*/cmdline") if root in _read(p)]
    summary = {
        "layers": layers,
        "unprotected": workers.unprotected,
        "unharmed": rest,
        "secret": secret,
        "processes left": left,
        "folder left": Path(root).exists(),
        "graded": found,
    }
    print(json.dumps(summary))


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
