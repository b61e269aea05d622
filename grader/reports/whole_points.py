"""Points as whole numbers that add up, for systems that know no others."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import CheckResult

_ALMOST = 1e-9  # 19.999999999999996 is 20


def whole_points(checks: Sequence[CheckResult]) -> list[tuple[int, int]]:
    """Return each check's points and most points, rounded so that their sums are, too.

    A sum is rounded to the nearest whole number, a half upwards; the points of work that lost some
    stay at least one below the most. Each part is rounded down, then those with the biggest
    remainders up, until the parts add up to the sum.
    """
    most = _shared([check.max_score for check in checks], _nearest(_sum_of_most(checks)))
    total = _nearest(sum(check.score for check in checks))
    if sum(check.score for check in checks) < _sum_of_most(checks) - _ALMOST:
        total = min(total, sum(most) - 1)
    scores = [min(check.score, limit) for check, limit in zip(checks, most, strict=True)]
    return list(zip(_shared(scores, total, most), most, strict=True))


def _sum_of_most(checks: Sequence[CheckResult]) -> float:
    return sum(check.max_score for check in checks)


def _nearest(value: float) -> int:
    return floor(value + 0.5 + _ALMOST)


def _shared(values: Sequence[float], total: int, most: Sequence[int] = ()) -> list[int]:
    """Return values rounded so that they add up to ``total``, each at most its ``most``."""
    whole = [floor(value + _ALMOST) for value in values]
    by_remainder = sorted(range(len(values)), key=lambda n: whole[n] - values[n])
    while sum(whole) < total:
        up = next((n for n in by_remainder if not most or whole[n] < most[n]), None)
        if up is None:
            break
        whole[up] += 1
        by_remainder.remove(up)
        by_remainder.append(up)
    while sum(whole) > total:
        down = next((n for n in reversed(by_remainder) if whole[n]), None)
        if down is None:
            break
        whole[down] -= 1
    return whole
