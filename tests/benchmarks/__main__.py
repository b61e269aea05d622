"""Measures the grader against PyTorch's own import and against nbgrader, and writes what it found.

    python -m tests.benchmarks [cold class stages memory endurance trusted] [--quick] [-o FOLDER]

Everything that is compared runs in turn in one run: on a busy machine read ratios, not seconds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tests.benchmarks import cold, endurance, memory, stages, trusted, whole_class
from tests.benchmarks.nbgrader_run import find_nbgrader
from tests.benchmarks.output import print_section, write_all
from tests.trusted.notebooks import SIZES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.figures import Section


def main() -> None:
    wanted = _arguments()
    quick, rounds = wanted.quick, 1 if wanted.quick else wanted.rounds
    python = find_nbgrader(wanted.nbgrader_python)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        scratch = Path(name)
        benchmarks: dict[str, Callable[[], Section]] = {
            "cold": lambda: cold.measure(rounds),
            "class": lambda: whole_class.measure(
                rounds, python, count=20 if quick else 100, quick=quick
            ),
            "stages": lambda: stages.measure(8 if quick else 40, scratch),
            "memory": lambda: memory.measure(20 if quick else 100),
            "endurance": lambda: endurance.measure(40 if quick else 1000, scratch),
            "trusted": lambda: trusted.measure(SIZES[-1:] if quick else SIZES, quick=quick),
        }
        sections = []
        for chosen in wanted.which or benchmarks:
            section = benchmarks[chosen]()
            sections.append(section)
            print_section(section, console)
            if wanted.out is not None:  # what was measured so far outlives an interruption
                written = write_all(sections, Path(wanted.out))
    if wanted.out is not None:
        console.print("written\n" + "\n".join(f"  {path}" for path in written))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    names = ["cold", "class", "stages", "memory", "endurance", "trusted"]
    parser.add_argument("which", nargs="*", metavar="WHICH", help=f"of {', '.join(names)} (all)")
    parser.add_argument("--quick", action="store_true", help="a small one of each, in minutes")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of cold and class (3)")
    parser.add_argument("-o", "--output", dest="out", metavar="FOLDER", help="write JSON and plot")
    other = "a Python that has nbgrader and torch, if this one has not"
    parser.add_argument("--nbgrader-python", metavar="PATH", help=other)
    wanted = parser.parse_args()
    if unknown := set(wanted.which) - set(names):
        parser.error(f"there is no benchmark {min(unknown)}; there are {', '.join(names)}")
    return wanted


if __name__ == "__main__":
    main()
