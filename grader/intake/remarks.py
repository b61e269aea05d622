"""Limits the number of remarks that a TA reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.intake import caps

if TYPE_CHECKING:
    from collections.abc import Iterable


def shortened(remarks: Iterable[Unclear], most: int = caps.REMARKS) -> list[Unclear]:
    """Return the first ``most`` remarks of each reason, and one remark for the others.

    For remarks that one student can cause in any number, such as links in an archive.
    """
    kept: list[Unclear] = []
    seen: Counter[str] = Counter()
    last: defaultdict[str, str] = defaultdict(str)
    for remark in remarks:
        seen[remark.reason] += 1
        last[remark.reason] = remark.origin
        if seen[remark.reason] <= most:
            kept.append(remark)
    for reason, count in seen.items():
        if count > most:
            kept.append(Unclear(last[reason], f"{reason} (and {count - most - 1:,} more like it)"))
    return kept
