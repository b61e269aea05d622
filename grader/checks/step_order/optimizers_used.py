"""Notices an optimizer that goes up instead of down, and one that is made anew on the way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grader.checks.remark import Remark

if TYPE_CHECKING:
    from grader.checks.step_order.trace import Trace


def climbs(run: dict[str, Any], facts: dict[str, Any]) -> list[Remark]:
    """Return that steps go up the loss, and which setting makes them."""
    for settings in run["settings"]:
        below = settings.get("lr", 0) < 0
        if below or settings.get("maximize", 0):
            how = "a learning rate below 0" if below else "maximize switched on"
            return [Remark("optimizer_climbs", facts={**facts, "how": how})]
    return []


def made_anew(run: dict[str, Any], trace: Trace, facts: dict[str, Any]) -> list[Remark]:
    """Return that one optimizer after another makes the steps, and how often one gives way."""
    makers = run["makers"]
    if len(set(makers)) < 2 or makers != sorted(makers):
        return []
    changes = [k for k, (one, then) in enumerate(pairwise(makers), start=1) if one != then]
    firsts = [k for k, (place, _) in enumerate(trace.places) if k and place == 0]
    if len(changes) == len(makers) - 1:
        often = "for every batch"
    else:
        often = "for every epoch" if changes == firsts else "on the way"
    facts = {**facts, "often": often, "optimizers": len(set(makers))}
    return [Remark("optimizer_made_anew", facts=facts)]
