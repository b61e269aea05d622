"""Runs the versions that ``pyproject.toml`` promises, and prints what was seen as a table.

    python -m tests.versions [--python 3.10 --python 3.13 ...] [--no-tests] [-o FOLDER]

A row is an interpreter with the newest packages that it allows; the oldest interpreter has one
more row, with the lowest versions that are declared (``uv pip compile --resolution
lowest-direct``). Each row gets an environment of its own; the grader is installed as a wheel, and
its tests run from a fresh clone. Needs uv (``pip install uv``), which finds the interpreters, and
takes some 15 minutes a row on two processors. Exits with 1 if anything failed; FOLDER then holds
what each command printed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
_ABOUT = "Run the versions that pyproject.toml promises, and print what was seen as a table."
SHOWN = ("torch", "torchvision", "numpy", "pytest")
COLUMNS = ("install", "sample", "solved", "template", "answers", "tests")


@dataclass
class Row:
    """An interpreter with its packages, and what each column showed: passed or failed."""

    python: str  # as "3.12", for uv to find, or an interpreter's path
    lowest: bool
    versions: dict[str, str] = field(default_factory=dict)
    seen: dict[str, bool] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def minor(self) -> str:
        """The interpreter's version, as "3.12"."""
        if "/" not in self.python:
            return self.python
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        said = subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True)
        return said.stdout.strip()

    @property
    def name(self) -> str:
        return f"{self.minor}-{'lowest' if self.lowest else 'newest'}"


class Environment:
    """A virtual environment for one row, and the commands that run in it."""

    def __init__(self, row: Row, folder: Path, logs: Path) -> None:
        self.row, self.folder, self.logs = row, folder, logs
        self.clone = folder / "clone"

    def install(self) -> bool:
        """Make the environment, with the grader as a wheel and all that its tests need."""
        python = str(self.folder / "venv" / "bin" / "python")
        pip = ["uv", "pip", "install", "--python", python]
        steps = [
            ["git", "clone", "--quiet", str(ROOT), str(self.clone)],
            ["uv", "venv", "--quiet", "--python", self.row.python, str(self.folder / "venv")],
        ]
        if self.row.lowest:
            held = str(self.folder / "lowest.txt")
            declared = str(self.clone / "pyproject.toml")
            resolve = ["uv", "pip", "compile", "--quiet", "--resolution", "lowest-direct"]
            resolve += ["--python-version", self.row.minor, "--extra", "dev"]
            steps += [[*resolve, declared, "-o", held], [*pip, "-r", held]]
            steps += [[*pip, "--no-deps", str(self.clone)]]
        else:
            steps += [[*pip, f"{self.clone}[dev]"]]
        steps += [["uv", "pip", "check", "--python", python]]
        return all(self.run("install", step).returncode == 0 for step in steps)

    def grade(self, column: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command outside of the clone."""
        command = [str(self.folder / "venv" / "bin" / "grade"), *arguments]
        return self.run(column, command, self.folder)

    def run(
        self, column: str, command: list[str], where: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command, and keep what it printed under the row's and the column's name."""
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=where or self.folder,
            env={**os.environ, "NO_COLOR": "1", "CI": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        spent = self.row.seconds.get(column, 0.0) + time.monotonic() - began
        self.row.seconds[column] = round(spent, 1)
        with (self.logs / f"{self.row.name}-{column}.txt").open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}exit {done.returncode}\n")
        return done

    def installed(self) -> dict[str, str]:
        """Return the versions that a reader of the table wants to know."""
        code = f"from importlib.metadata import version as v; print(*map(v, {SHOWN!r}))"
        done = self.run(
            "install", [str(self.folder / "venv" / "bin" / "python"), "-c", code], self.folder
        )
        return dict(zip(SHOWN, done.stdout.split(), strict=True))


def try_row(row: Row, folder: Path, logs: Path, *, tests: bool) -> None:
    """Fill in what the row shows; without an installation nothing else is tried."""
    here = Environment(row, folder, logs)
    row.seen["install"] = here.install()
    if not row.seen["install"]:
        return
    row.versions = here.installed()
    sample = here.grade("sample", str(here.clone / "tests" / "samples" / "submission.ipynb"))
    row.seen["sample"] = sample.returncode == 1 and "gradients are never cleared" in sample.stdout
    solved = here.grade("solved", str(here.clone / "reference" / "mlp" / "mlp.ipynb"))
    row.seen["solved"] = solved.returncode == 0 and "100 / 100" in solved.stdout
    template = here.grade("template", str(here.clone / "student_templates" / "mlp.ipynb"))
    row.seen["template"] = template.returncode == 1 and "  0 / 100" in template.stdout
    listed = ("audit", "--seeds", "1", "--pairs", "0", "--mutants", "0")
    row.seen["answers"] = here.grade("answers", *listed).returncode == 0
    if tests:
        command = [str(folder / "venv" / "bin" / "python"), "-m", "pytest", "-n", "auto"]
        row.seen["tests"] = here.run("tests", command, here.clone).returncode == 0


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    heads = ["Python", "packages", *SHOWN, *COLUMNS]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    for row in rows:
        words = {True: "ok", False: "FAILED"}
        cells = [row.minor, "lowest" if row.lowest else "newest"]
        cells += [row.versions.get(name, "") for name in SHOWN]
        cells += [words[row.seen[name]] if name in row.seen else "-" for name in COLUMNS]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Try every row; return 1 if one failed anywhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=_ABOUT)
    parser.add_argument("--python", action="append", metavar="X.Y|PATH", help=" ".join(PYTHONS))
    parser.add_argument("--no-tests", action="store_true", help="leave out the tests")
    parser.add_argument("--no-lowest", action="store_true", help="leave out the lowest versions")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="where output goes (a new one)")
    wanted = parser.parse_args()
    if shutil.which("uv") is None:
        parser.error("there is no uv here: pip install uv")
    pythons = wanted.python or list(PYTHONS)
    rows = [Row(python, lowest=False) for python in pythons]
    if not wanted.no_lowest:
        oldest = min(rows, key=lambda row: int(row.minor.split(".")[1]))
        rows.insert(0, Row(oldest.python, lowest=True))
    logs = Path(wanted.output or tempfile.mkdtemp(prefix="versions-")).absolute()
    logs.mkdir(parents=True, exist_ok=True)
    for row in rows:
        with tempfile.TemporaryDirectory(prefix="versions-", ignore_cleanup_errors=True) as name:
            try_row(row, Path(name), logs, tests=not wanted.no_tests)
        print(table([row]).splitlines()[-1], flush=True)
    text = table(rows)
    (logs / "table.md").write_text(text + "\n", "utf-8")
    facts = [{**vars(row), "python": row.minor} for row in rows]
    (logs / "table.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    print(f"\n{text}\n\nwhat each command printed: {logs}")
    return 0 if all(all(row.seen.values()) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
