"""Makes every attack in one setting and prints what came of it, as JSON.

``python -m tests.attacks.scoreboard SETTING FOLDER``: the setting is for good, so it has a process
of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.grading.grader import Grader
from grader.runners.answer_cache import answers_from_bytes
from grader.sandbox import isolation
from grader.sandbox.layers import LAYERS
from tests.attacks import settings
from tests.attacks.arena import arena, unharmed
from tests.attacks.bombs import BOMBS
from tests.attacks.brought import BROUGHT, NOTHING_LEARNED
from tests.attacks.forgeries import OWN_MATHEMATICS
from tests.attacks.inputs import INPUTS
from tests.attacks.notebooks import attacking, wrong
from tests.attacks.probes import HONEST, PROBES
from tests.attacks.sabotage import ON_THE_VERDICT
from tests.notebooks import solved, write

if TYPE_CHECKING:
    from grader.sandbox import Answer

_SECONDS = 6.0


class _Seen:
    """A store that keeps nothing but the answers to the notebook at hand, to be looked at."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def fetch(self, _key: str) -> bytes | None:
        return None

    def keep(self, _key: str, answers: bytes) -> None:
        # The first answers: where a blank stops the code it is put aside and observed again. What
        # is named by digits are the listed mistakes.
        found = answers_from_bytes(answers)
        self.answers = {t: a for t, a in found.items() if not t.isdigit()} | self.answers


def main(setting: str, folder: Path) -> None:
    """Do it all with one grader, so that an attack could spoil what comes after it."""
    settings.enter(setting, str(folder))
    isolation.refused = settings.WITHOUT.get(setting, frozenset())
    found: dict[str, Any] = {}
    seen = _Seen()
    with (
        arena(folder) as planted,
        Grader(assignment="mlp", device="cpu", seed=7, timeout=_SECONDS, store=seen) as grader,
    ):
        grader.prepare()
        workers = grader.runner.workers
        root = workers._server._root
        graded = _Graded(grader, seen, folder, root)
        cases = {
            "solved": solved(),
            "probes": attacking(PROBES, planted),
            "honest": attacking(HONEST),
            "wrong": wrong(),
            **{name: wrong(source, planted) for name, source in ON_THE_VERDICT.items()},
            **{f"bomb: {name}": attacking(source) for name, source in BOMBS.items()},
            "nothing learned": NOTHING_LEARNED.notebook(),
            **{f"brought: {name}": brought.notebook() for name, brought in BROUGHT.items()},
            "its own mathematics": wrong(OWN_MATHEMATICS),
            "solved again": solved(),
        }
        for name, notebook in cases.items():
            found[name] = graded.one(notebook)
        inputs = {name: attack(folder, planted) for name, attack in INPUTS.items()}
        layers = {row.layer: row.why if row.on else f"off: {row.why}" for row in workers.layers}
        stops = {
            layer.name: sorted(threat.name for threat in layer.stops)
            for layer in LAYERS
            if layer.name in workers.applied
        }
        rest = unharmed(folder, planted)
        secret = planted["backwards"][::-1]
    time.sleep(0.3)
    summary = {
        "layers": layers,
        "stops": stops,
        "unprotected": workers.unprotected,
        "unharmed": rest,
        "secret": secret,
        "processes left": _processes(root),
        "folder left": Path(root).exists(),
        "graded": found,
        "inputs": inputs,
    }
    print(json.dumps(summary))


class _Graded:
    """Grades one notebook after another, and looks at what each leaves."""

    def __init__(self, grader: Grader, seen: _Seen, folder: Path, root: str) -> None:
        self.grader, self.seen, self.folder, self.root = grader, seen, folder, root
        grader.grade(write(solved(), folder))
        self.before = self._around()

    def one(self, notebook: dict[str, Any]) -> dict[str, Any]:
        self.seen.answers = {}
        began = time.monotonic()
        report = self.grader.grade(write(notebook, self.folder))
        seconds = time.monotonic() - began
        return {
            "score": report.score,
            "checks": {check.id: [check.status.value, check.score] for check in report.checks},
            "met": {task: _met(answer) for task, answer in self.seen.answers.items()},
            "left": sorted(self._around() - self.before),
            "notes": [note.code for note in report.notes],
            "text": json.dumps(report.to_json())[:20000],
            "longest": max(
                (
                    len(str(words))
                    for check in report.checks
                    for found in check.findings
                    for words in (found.summary, found.message, found.why, found.hint, found.got)
                ),
                default=0,
            ),
            "seconds": seconds,
        }

    def _around(self) -> set[str]:
        """Return the worker's processes, and the files in its folder."""
        return set(_processes(self.root)) | {str(path) for path in Path(self.root).rglob("*")}


def _met(answer: Answer) -> str:
    """Return how a task ended; for one that answered, the exception that it told of, if any."""
    value = answer.value
    if not isinstance(value, dict):
        return f"{answer.fate.value}: {answer.detail}"[:200]
    entries = [value, *(value.get("runs") or []), *(value.get("scenes") or [])]
    told = [entry.get("error") for entry in entries if isinstance(entry, dict)]
    errors = [error for error in told if isinstance(error, dict)]
    return f"{errors[0].get('type')}: {errors[0].get('message')}"[:2200] if errors else "answered"


def _processes(root: str) -> list[str]:
    return [p.parent.name for p in Path("/proc").glob("[0-9]*/cmdline") if root in _read(p)]


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
