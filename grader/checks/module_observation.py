"""What is observed of a module's calls, and how two of them are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, final

import numpy as np

from grader.checks.remark import close, same_error
from grader.checks.schema import Array, RaisedError

if TYPE_CHECKING:
    from collections.abc import Sequence

# The calls of ``grader.probes.recording.module_calls``: eval mode, again, train mode, again, and
# eval mode after these.
EVAL, AGAIN, TRAIN, TRAIN_AGAIN, AFTER = range(5)


@final
class ArrayLeaf(TypedDict):
    """A number or an array among what was returned, and the path to it."""

    path: str
    array: Array
    dtype: str


@final
class OtherLeaf(TypedDict):
    """A value of another type, and the path to it."""

    path: str
    type: str


@final
class CallReturned(TypedDict):
    """A call that ended."""

    mode: str
    leaves: list[ArrayLeaf | OtherLeaf]


@final
class CallRaised(TypedDict):
    """A call that raised."""

    mode: str
    error: RaisedError


class ModuleCalls(TypedDict):
    """The calls in both modes; parameters without a gradient; what ``backward`` raised."""

    calls: list[CallReturned | CallRaised]
    changed: bool
    unreached: list[str]
    backward: RaisedError | None


def same_leaves(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two lists of leaves have the same paths, types and numbers."""
    return len(one) == len(other) and all(map(_same_leaf, one, other))


def _same_leaf(a: Any, b: Any) -> bool:
    if a["path"] != b["path"]:
        return False
    if "array" not in a or "array" not in b:
        return bool(a.get("type", "") == b.get("type", "-"))
    if a["array"].shape != b["array"].shape:
        return False
    finite = np.isfinite(b["array"])
    if not np.array_equal(np.isfinite(a["array"]), finite):
        return False
    return bool(close(np.where(finite, a["array"], 0), np.where(finite, b["array"], 0)))


def same_call(one: Any, other: Any) -> bool:
    """Whether two calls returned the same, or raised the same."""
    if "error" in one or "error" in other:
        return same_error(one.get("error"), other.get("error"))
    return same_leaves(one["leaves"], other["leaves"])


def random(seen: ModuleCalls, first: int = TRAIN) -> bool:
    """Whether two calls of one mode with the same arguments returned different things."""
    return not same_call(seen["calls"][first], seen["calls"][first + 1])


def same_behaviour(one: ModuleCalls, other: ModuleCalls) -> bool:
    """Whether two modules do the same in both modes, where chance lets it be told.

    With chance in train mode only that there is chance is compared, and for what share of the
    numbers 0 was returned.
    """
    both = (EVAL, AGAIN)
    if not all(same_call(one["calls"][k], other["calls"][k]) for k in both):
        return False
    if random(one) != random(other):
        return False
    if random(one):
        return abs(_zeros(one) - _zeros(other)) <= _SPREAD
    rest = (TRAIN, TRAIN_AGAIN, AFTER)
    return all(same_call(one["calls"][k], other["calls"][k]) for k in rest)


# The share of zeros that dropout makes of some thousand numbers, give or take.
_SPREAD = 0.1


def _zeros(seen: ModuleCalls) -> float:
    """Return the share of zeros among the numbers that two calls in train mode returned."""
    calls: list[Any] = [seen["calls"][k] for k in (TRAIN, TRAIN_AGAIN)]
    leaves = [leaf for call in calls for leaf in call.get("leaves", ())]
    arrays = [leaf["array"].ravel() for leaf in leaves if "array" in leaf]
    return float(np.mean(np.concatenate(arrays) == 0)) if arrays else 0.0


def whole(seen: ModuleCalls) -> bool:
    """Whether there is one call for each mode that is asked for."""
    return len(seen["calls"]) == AFTER + 1
