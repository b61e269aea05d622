"""Judges on which devices a loop has its tensors: what would stop on a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Remark, together
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.observation import LoopDevice

_CODES = {
    "input": "batch_not_on_device",
    "mixed": "loop_devices_mixed",
    "leaving": "array_in_the_loop",
}
ON_DEVICES = frozenset(_CODES.values())
# The number of the rubric that says what they cost.
_SHARE = "device"


def other_places(seen: Sequence[LoopDevice]) -> list[Remark]:
    """Return a remark for each line at which tensors lie apart."""
    found: dict[object, Remark] = {}
    for note in seen:
        code = _CODES.get(note["what"])
        if code is None:
            continue
        remark = Remark(
            code,
            Severity.PARTIAL,
            facts={"device": note["device"], "place": together(note["got"])},
            at=note["line"],
            share=_SHARE,
        )
        found.setdefault((code, str(note["line"])), remark)
    return list(found.values())
