"""Compares what an evaluation returned with the known accuracy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.checks.remark import Facts, Remark, apart, number
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.eval_accuracy.challenge import Scene
    from grader.checks.eval_accuracy.observation import ReturnedNumber, SeenScene

# A float32 sum of a few hundred ones and zeros is exact; its mean is exact up to this.
EXACT = 1e-6
# As a share of 1: what rounding to two digits or more can change.
ROUNDED = 0.005
_DIGITS = range(2, 6)
_MOST_SIZES = 8


def same_value(
    a: ReturnedNumber | None, b: ReturnedNumber | None, near: float | None = None
) -> bool:
    """Whether two results are the same, numbers up to ``near``."""
    if a is None or b is None:
        return a is b
    if a["value"] is None or b["value"] is None:
        return a["type"] == b["type"] and a["value"] is b["value"]
    return abs(a["value"] - b["value"]) <= (near or EXACT) * (1 + abs(b["value"]))


def shown(returned: ReturnedNumber) -> str:
    """Return what was returned for a reader: the number, or the name of its type."""
    return returned["type"] if returned["value"] is None else number(returned["value"])


def wrong_value(
    returned: ReturnedNumber, expected: float, blank: int, about: Facts, left_at: list[int] | None
) -> Remark | None:
    """Return the remark on a result that is not the accuracy.

    ``about`` says of how many images it is, and how many batches there were and were ``drawn``.
    ``left_at`` is the line at which the batches were given up.
    """
    value = returned["value"]
    if value is None:
        facts: Facts = {**about, "got": returned["type"], "expected": number(expected)}
        return Remark("returns_no_number", facts=facts, of_result=True)
    early = 0 < int(about["drawn"]) < int(about["batches"])
    if abs(value - expected) <= EXACT:
        return None
    got, right = apart(value, expected)
    facts = {**about, "got": got, "expected": right}
    if early:
        return Remark("stops_early", blank=blank, facts=facts, of_result=True, at=left_at)
    facts = {**facts, "counted": _counted(value, int(about["images"]), int(about["right"]))}
    return Remark("wrong_accuracy", blank=blank, facts=facts, of_result=True)


def _counted(value: float, images: int, right: int) -> str:
    """Return of how many right answers a result would be the accuracy, if of a number of them."""
    count = round(value * images) if math.isfinite(value) else -1
    if abs(value * images - count) > EXACT * images or count < 0:
        return ""
    if not count:
        return " Here it is that of a model without any right answer."
    if count > images:
        return " It is never above 1: no model has more right answers than there are images."
    many = "more" if count > right else "fewer"
    return f" Here it is that of {count} right answers, {abs(count - right)} {many} than there are."


def rounding(scenes: Sequence[tuple[SeenScene, SeenScene, Scene]]) -> Remark | None:
    """Return the remark on a function that returns the right accuracy in every scene, rounded."""
    pairs = []
    for got, wanted, scene in scenes:
        returned, right = got["returned"], wanted["returned"]
        value, expected = (one["value"] if one else None for one in (returned, right))
        if value is None or expected is None:
            return None
        pairs.append((value, expected, scene))
    off = [pair for pair in pairs if abs(pair[0] - pair[1]) > EXACT]
    if not off or not any(_rounds(pairs, digits) for digits in _DIGITS):
        return None
    value, expected, scene = off[0]
    got_text, right_text = apart(value, expected)
    facts: Facts = {
        "images": sum(scene["sizes"]),
        "sizes": sizes_words(scene["sizes"]),
        "right": round(expected * sum(scene["sizes"])),
        "got": got_text,
        "expected": right_text,
    }
    return Remark("rounds_the_share", Severity.PARTIAL, facts=facts, of_result=True)


def _rounds(pairs: Sequence[tuple[float, float, Scene]], digits: int) -> bool:
    """Whether all results are the accuracies, rounded or cut to so many digits."""
    ten = 10.0**digits
    return all(
        min(abs(value - round(expected, digits)), abs(value - math.floor(expected * ten) / ten))
        <= EXACT
        for value, expected, _ in pairs
    )


def sizes_words(sizes: Sequence[int]) -> str:
    """Return the sizes of batches as words show them in brackets: all, or the first of many."""
    said = ", ".join(str(size) for size in sizes[:_MOST_SIZES])
    more = len(sizes) - _MOST_SIZES
    return f"{said} and {more} more" if more > 0 else said
