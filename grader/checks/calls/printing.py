"""Compares what calls print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.plain import shown
from grader.checks.remark import Facts, Remark, counted

if TYPE_CHECKING:
    from collections.abc import Sequence


def other_text(got: str, wanted: str, facts: Facts) -> Remark | None:
    """Return what differs in a printed text; white space at the end of a line or of it is free."""
    one, other = _lines(got), _lines(wanted)
    if one == other:
        return None
    told = {"got": shown("\n".join(one)), "expected": shown("\n".join(other))}
    if not one:
        return Remark("prints_nothing", facts={**facts, **told})
    if not other:
        return Remark("prints_too_much", facts={**facts, **told})
    if _bare(one) == _bare(other):
        return Remark("prints_other_spacing", facts={**facts, **told})
    line = next((k for k, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), -1)
    if line < 0:
        counts = {"got": counted(len(one), "line"), "expected": counted(len(other), "line")}
        return Remark("prints_other_lines", facts={**facts, **counts})
    told = {"got": shown(one[line]), "expected": shown(other[line])}
    return Remark("prints_other", facts={**facts, **told, "line": line + 1})


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _bare(lines: Sequence[str]) -> str:
    return "".join("".join(lines).split())
