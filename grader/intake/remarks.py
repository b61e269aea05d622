"""What a TA should know about what was found, kept to a length that somebody reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.classroom import Unclear
from grader.intake import caps

if TYPE_CHECKING:
    from collections.abc import Iterable


def shortened(remarks: Iterable[Unclear], most: int = caps.REMARKS) -> list[Unclear]:
    """Return the first ``most`` remarks of every reason, and one line for the others of it.

    For what one stranger can multiply at will: the links in an archive, notebooks in a folder.
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
