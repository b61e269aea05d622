"""Grades a synthetic class in one command and says what it took.

``python tests/benchmarks/large_class.py --students 600``; with ``--no-grouping`` every notebook
is run by itself, with ``--again`` the same command follows with nothing left to do.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.batch.making import make_class
from tests.benchmarks.watching import Watched, watched

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=600, metavar="N")
    parser.add_argument("--programs", type=int, default=60, metavar="N")
    parser.add_argument("--hostile", type=int, default=12, metavar="N")
    parser.add_argument("--broken", type=int, default=8, metavar="N")
    parser.add_argument("--no-grouping", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--out", type=Path, help="keep the results there")
    wanted = parser.parse_args()
    made = make_class(
        wanted.students,
        programs=wanted.programs,
        hostile=wanted.hostile,
        broken=wanted.broken,
    )
    with tempfile.TemporaryDirectory() as scratch:
        download = made.write_zip(Path(scratch) / "submissions.zip")
        roster = made.write_roster(Path(scratch) / "roster.csv")
        out = wanted.out or Path(scratch) / "graded"
        command = [sys.executable, "-m", "grader", str(download), "-o", str(out), "--seed", "1"]
        command += ["--roster", str(roster), "--device", "cpu"]
        command += ["--no-grouping"] * wanted.no_grouping
        for run in ("first run", "again")[: 2 if wanted.again else 1]:
            taken = watched(command, ROOT)
            _print(run, taken, wanted.students)
        lines = (out / "results.jsonl").read_text().splitlines()
        programs = {json.loads(line)["group"] for line in lines}
        size = (out / "grades.db").stat().st_size / 2**20
        print(f"{len(lines)} results, {len(programs)} programs, grades.db {size:.1f} MiB")


def _print(run: str, taken: Watched, students: int) -> None:
    quarter = max(1, len(taken.growth) // 4)
    early = max(mib for _, mib in taken.growth[: 2 * quarter])
    late = max(mib for _, mib in taken.growth[-quarter:])
    print(
        f"{run}: exit {taken.status}, {taken.seconds:.1f} s ({taken.cpu:.1f} of a processor), "
        f"{students / taken.seconds:.1f} a second; memory of the grader {taken.main:.0f} MiB "
        f"(first half {early:.0f}, last quarter {late:.0f}), "
        f"with its children {taken.all:.0f} MiB"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
