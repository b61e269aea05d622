"""The check ``manual``: what a person grades, such as an answer in words or a plot. No code is run.

The answer stands in the cells of the notebook with the tag ``answer:ID``, ID being the check's. Its
points are open until somebody enters them in ``overrides.toml``; an empty answer has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from grader.checks.kind import Kind

if TYPE_CHECKING:
    from grader.checks.remark import Remark


class ManualOptions(TypedDict):
    """There is nothing to tell but which cell it is: it has the tag ``answer:ID``, with the id."""


class NothingObserved(TypedDict):
    """No program runs."""

    nothing: None


def draw(*_context: object) -> dict[str, Any]:
    """Return an empty challenge."""
    return {}


def judge(*_context: object) -> list[Remark]:
    """Return nothing: a person judges."""
    return []


KIND = Kind(draw=draw, judge=judge, form=NothingObserved, options=ManualOptions, by_hand=True)
