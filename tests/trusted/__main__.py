"""Measures what the trusted process takes for notebooks that are large, deep or wide in some way.

    python -m tests.trusted [WORD…] [--sizes N…] [--seconds S] [-o FILE]

Each notebook goes through reading, locating, grouping, naming and reporting in a process of its
own: processor seconds, and the most memory in MB. ``WORD`` chooses the shapes whose names hold it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.trusted.measuring import every_cost
from tests.trusted.notebooks import SIZES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.trusted", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="in the names of shapes (all)")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=SIZES,
        help="characters; the worst counts",
    )
    parser.add_argument("--seconds", type=int, default=60, help="where each is stopped (60)")
    parser.add_argument("-o", "--output", dest="out", metavar="FILE", help="write the table there")
    wanted = parser.parse_args()
    costs = []
    for cost in every_cost(wanted.words, wanted.sizes, wanted.seconds):
        costs.append(cost)
        print(cost.row(), cost.said, flush=True)
    costs.sort(key=lambda cost: -cost.seconds)
    head = "| shape | processor s | MB | |\n| --- | --- | --- | --- |"
    if wanted.out is not None:
        Path(wanted.out).write_text("\n".join([head, *(c.row() for c in costs)]) + "\n")
    most = max(cost.megabytes for cost in costs)
    print(f"{len(costs)} shapes: at most {costs[0].seconds:.1f} s, {most:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
