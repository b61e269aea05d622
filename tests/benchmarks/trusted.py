"""What the process that judges takes for a notebook that is large, deep or wide in some way."""

from __future__ import annotations

from tests.benchmarks.figures import Section, figure
from tests.trusted.measuring import every_cost

_STOP_SECONDS = 60
_FEW = ("the class",)


def measure(sizes: list[int], *, quick: bool = False) -> Section:
    costs = list(every_cost(_FEW if quick else (), sizes, _STOP_SECONDS))
    ordinary, rest = costs[0], costs[1:]
    faults = [cost.name for cost in rest if cost.ended not in {"graded", "named error"}]
    return Section(
        "trusted",
        "A hostile notebook in the process that judges",
        f"{len(rest)} shapes of code and of files, each in a process of its own, at the size where "
        "it takes most; python -m tests.trusted prints each",
        (
            figure("the solved notebook", "s", [ordinary.seconds]),
            figure("the slowest shape", "s", [max(c.seconds for c in rest)], "≤10"),
            figure("the largest shape", "MB", [max(c.megabytes for c in rest)], "≤300"),
            figure("without report or named error", "", [len(faults)], "≤0", ", ".join(faults)),
        ),
    )
