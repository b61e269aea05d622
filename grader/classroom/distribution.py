"""The distribution of a class's scores."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BINS = 10
_SMALLEST = 0.01  # points are rounded to two digits
_ROUND_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Bin:
    """The number of scores from ``low`` to ``high``, both included; full marks have a bin."""

    low: float
    high: float
    count: int


def bins(scores: Sequence[float], max_score: float) -> tuple[Bin, ...]:
    """Return bins of a round width, none for an assignment without points.

    Scores above the maximum count as full marks, those below 0 as 0. The upper ends are whole
    numbers if all scores are.
    """
    if max_score <= 0:
        return ()
    step = max(_round_step(max_score / _MOST_BINS), _SMALLEST)
    edges = [round(n * step, 2) for n in range(math.ceil(max_score / step))]
    counts = [0] * (len(edges) + 1)
    for score in scores:
        counts[-1 if score >= max_score else max(0, bisect_right(edges, score) - 1)] += 1
    whole = step >= 1 and all(float(score).is_integer() for score in scores)
    below = 1.0 if whole else _SMALLEST
    ends = [round(high - below, 2) for high in [*edges[1:], max_score]]
    spread = [Bin(low, high, n) for low, high, n in zip(edges, ends, counts, strict=False)]
    return (*spread, Bin(max_score, max_score, counts[-1]))


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, … (or of their tenths, …) from ``least`` on."""
    power = 10.0 ** math.floor(math.log10(least))
    # A tolerance of one per cent: 100 / 10 must give 10 despite rounding.
    return next((s * power for s in _ROUND_STEPS if s * power >= least * 0.99), 10 * power)
