"""Compares the reports of two trees over all that is known of their assignments.

``python -m tests.same_reports OLD`` grades every listed answer of this tree's ``reference/`` (the
solved notebook, the template, alternatives and mistakes), the sample, and what ``--also`` names,
with the grader in OLD and with this one, under each seed. It prints what differs and exits with 1
if anything does. Times, paths and the environment's digests are no difference.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.assignment import all_assignments
from grader.audit.cases import listed

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 20


@dataclass(frozen=True)
class Tree:
    """A checkout, and the Python that has its dependencies."""

    folder: Path
    python: str

    def grade(self, notebooks: Path, assignment: str, seed: int, out: Path) -> dict[str, Any]:
        """Return the report of each notebook by its name; raises when the grader fails."""
        command = [self.python, "-m", "grader", str(notebooks), "-o", str(out)]
        command += ["--assignment", assignment, "--seed", str(seed), "--device", "cpu"]
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "NO_COLOR": "1"}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1):  # 1: one cannot be read, and its report says so
            raise SystemExit(f"error: {self.folder} ended with {done.returncode}\n{done.stderr}")
        lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
        reports = [json.loads(line) for line in lines]
        return {Path(one["submission"]["path"]).name: timeless(one) for one in reports}


def timeless(value: Any) -> Any:
    """Return a report without what two runs of the same grader need not share."""
    if isinstance(value, dict):
        dropped = ("seconds", "environment", "path", "group")
        return {key: timeless(item) for key, item in value.items() if key not in dropped}
    return [timeless(item) for item in value] if isinstance(value, list) else value


def write_notebooks(folder: Path, assignment: Any, also: list[Path]) -> int:
    """Write every listed answer as a notebook of its own; return how many there are."""
    folder.mkdir(parents=True)
    cases = listed(assignment)
    for number, case in enumerate(cases):
        cells = [
            {
                "cell_type": cell.kind,
                "metadata": {},
                "source": cell.source,
                **({"outputs": [], "execution_count": None} if cell.kind == "code" else {}),
            }
            for cell in case.notebook.cells
        ]
        plain = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
        (folder / f"answer{number:04}.ipynb").write_text(json.dumps(plain), encoding="utf-8")
    for number, path in enumerate(also):
        (folder / f"other{number:04}.ipynb").write_bytes(path.read_bytes())
    return len(cases) + len(also)


def differences(old: Any, new: Any, where: str = "") -> list[str]:
    """Return where two reports differ, a line each."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        pairs = [(key, old.get(key), new.get(key)) for key in keys]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(str(k), *both) for k, both in enumerate(zip(old, new, strict=True))]
    else:
        return [] if old == new else [f"{where}: {old!r} -> {new!r}"]
    return [line for key, a, b in pairs for line in differences(a, b, f"{where}/{key}")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path, help="the checkout to compare this one with")
    parser.add_argument("--old-python", default=sys.executable, help="its interpreter")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="notebooks or folders")
    wanted = parser.parse_args()
    old, new = Tree(wanted.old.resolve(), wanted.old_python), Tree(ROOT, sys.executable)
    named = [*wanted.also, ROOT / "tests" / "samples"]
    also = [p for one in named for p in (sorted(one.rglob("*.ipynb")) if one.is_dir() else [one])]
    total = 0
    with tempfile.TemporaryDirectory() as scratch:
        for assignment in all_assignments():
            notebooks = Path(scratch, assignment.id)
            count = write_notebooks(notebooks, assignment, also)
            for seed in wanted.seeds:
                before, after = (
                    tree.grade(
                        notebooks, assignment.id, seed, Path(scratch, f"{assignment.id}-{seed}-{n}")
                    )
                    for n, tree in enumerate((old, new))
                )
                found = differences(before, after)
                total += len(found)
                print(f"{assignment.id}, seed {seed}: {count} notebooks, {len(found)} differences")
                print(*found[:SHOWN], sep="\n", end="\n" if found else "")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
