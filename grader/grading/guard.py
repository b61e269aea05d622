"""Calls a kind of check on an observation that may be forged.

An observation has the form that its probe gives it, but a forged one may hold numbers that no
probe gives. An exception of the judge's is then the submission's doing: it must neither end the
grading nor count as a fault of the grader's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from grader.checks.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class UnfitError(Exception):
    """The observation of a submission can't be judged, though the reference's can."""


def ask(question: Callable[[Any], _Answer], value: Any, trusted: Callable[[], Any]) -> _Answer:
    """Return ``question(value)``; raises ``UnfitError`` where a forged value makes it raise.

    ``trusted`` gives a value of the grader's own: if the question raises for that too, the fault is
    the grader's, and the exception is passed on.
    """
    # The judges look for infinite numbers themselves; numpy's warnings would reach nobody.
    with np.errstate(all="ignore"):
        try:
            return question(value)
        except Exception as error:  # a forged value may raise anything
            question(trusted())
            raise UnfitError(type(error).__name__) from error


def garbled(reason: str) -> Remark:
    """Return the remark on an observation that can't be judged."""
    return Remark("garbled", facts={"detail": reason})
