"""Runs ``grade`` on a class inside this process, and reads what it wrote."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SEED = "20240611"
# What a class of a test is graded with, unless the test is about it.
USUAL = ("--device", "cpu", "--seed", SEED, "--isolation", "auto", "--timeout", "8")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def grade(*arguments: str | Path, usual: tuple[str, ...] = USUAL, home: Path | None = None) -> Ran:
    """Run the command line with the usual options in ``home``; it never ends in a traceback."""
    out, err = io.StringIO(), io.StringIO()
    with _in(home), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*map(str, arguments), *usual])
    ran = Ran(status, out.getvalue(), err.getvalue())
    assert "Traceback" not in ran.err
    return ran


@contextlib.contextmanager
def _in(folder: Path | None) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder or before)
    try:
        yield
    finally:
        os.chdir(before)


def results(out: Path) -> list[dict[str, Any]]:
    """Return the lines of a folder's results."""
    text = (out / "results.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def by_student(out: Path) -> dict[str, dict[str, Any]]:
    """Return the results by the student's id."""
    lines = results(out)
    found = {line["submission"]["student"]: line for line in lines}
    assert len(found) == len(lines), "a student counts once"
    return found


def timeless(line: dict[str, Any]) -> str:
    """Return a result as text, without what no two runs have the same: times."""
    checks = [{**check, "seconds": None} for check in line["checks"]]
    return json.dumps({**line, "checks": checks}, sort_keys=True)


def all_timeless(out: Path) -> list[str]:
    """Return all results without their times, in their order."""
    return [timeless(line) for line in results(out)]


def statuses(line: dict[str, Any]) -> dict[str, str]:
    """Return the status of each check that is not passed."""
    return {c["id"]: c["status"] for c in line["checks"] if c["status"] != "passed"}


def agrees(line: dict[str, Any], verdict: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether every check ended as one of its statuses in ``verdict``; unnamed ones pass."""
    return all(c["status"] in verdict.get(c["id"], ("passed",)) for c in line["checks"])


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
