"""Judges on which devices an evaluation has its tensors: what would stop on a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Remark, together
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check
    from grader.checks.eval_accuracy.observation import SeenDevice

_CODES = {
    "input": "not_on_device",
    "mixed": "devices_mixed",
    "leaving": "array_off_the_cpu",
    "model": "model_left_elsewhere",
}
# The number of the rubric that says what they cost.
_SHARE = "device"


def other_places(seen: Sequence[SeenDevice], check: Check, found: Sequence[Remark]) -> list[Remark]:
    """Return a remark for each line at which tensors lie apart, that nothing ``found`` explains."""
    wrong = {remark.blank for remark in found if remark.severity is Severity.ERROR}
    shown, counted = check.options["input_blank"], check.options["count_blank"]
    remarks: list[Remark] = []
    for note in seen:
        of_input = note["what"] == "input"
        code = _CODES.get(note["what"])
        if code is None or wrong & {None, shown if of_input else counted}:
            continue
        remark = Remark(
            code,
            Severity.PARTIAL,
            blank=None if note["what"] == "model" else shown if of_input else counted,
            facts={"device": note["device"], "place": together(note["got"])},
            at=note["line"],
            share=_SHARE,
        )
        if not any((one.code, one.at) == (code, note["line"]) for one in remarks):
            remarks.append(remark)
    return remarks
