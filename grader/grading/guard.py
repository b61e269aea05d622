"""Asks a kind of check about what was observed; what a submission sent may be beyond any answer.

An observation has the form that its probe gives it, but a forged one may hold numbers that no
probe gives. Whatever a judge stumbles over there is the submission's doing, and must neither end
the grading nor count as a fault of the grader's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from grader.checks.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class UnfitError(Exception):
    """What was observed of a submission can't be judged, though what was of the reference can."""


def ask(question: Callable[[Any], _Answer], value: Any, trusted: Callable[[], Any]) -> _Answer:
    """Ask a question about what a submission sent; raises ``UnfitError`` where that is in the way.

    ``trusted`` gives a value of our own for the same question: where that raises too, the fault is
    ours and its exception is passed on.
    """
    # Infinite and absurd numbers are found by looking for them; a warning would tell nobody.
    with np.errstate(all="ignore"):
        try:
            return question(value)
        except Exception as error:  # what a forged value leads to can't be foreseen
            question(trusted())
            raise UnfitError(type(error).__name__) from error


def garbled(reason: str) -> Remark:
    """Return the remark on an observation that can't be judged."""
    return Remark("garbled", facts={"detail": reason})
