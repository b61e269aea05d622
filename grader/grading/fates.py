"""What is said of a task that did not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.report import Severity
from grader.sandbox import Fate

if TYPE_CHECKING:
    from grader.sandbox import Answer

_CODES = {
    Fate.TIMEOUT: "timeout",
    Fate.CRASHED: "crashed",
    Fate.OUT_OF_MEMORY: "killed_memory",
    Fate.GARBLED: "garbled",
    Fate.INTERNAL_ERROR: "internal",
}


def trouble_of(answer: Answer, limit: float, processor: float | None) -> Remark | None:
    """Return why there is no answer, ``None`` where there is one.

    ``limit`` and ``processor`` are the seconds that the task had by the clock and of a processor.
    """
    if answer.fate is Fate.ANSWERED:
        return None
    # The clock on the wall ends nothing before its time, so it was the processor's.
    computed = processor is not None and answer.seconds is not None and answer.seconds < limit
    took = f"{processor:g} seconds of computing" if computed else f"{limit:g} seconds"
    facts = {"took": took, "detail": answer.detail}
    return Remark(_CODES[answer.fate], Severity.ERROR, facts=facts)
