"""Tells what keeps parameters from changing, as far as it was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FROZEN, UNHELD, NO_RATE = "frozen", "unheld", "no rate"
REASONS = {
    FROZEN: " Their requires_grad is off, so no gradient is computed for them.",
    UNHELD: " The optimizer was made for other parameters: it does not know these.",
    NO_RATE: " The optimizer's learning rate is 0.",
    "": "",
}


def cause_of_standing_still(observed: Mapping[str, Any]) -> str:
    """Return what keeps parameters from changing, if that was seen; the nearest cause first."""
    still = set(observed["still"])
    if still <= set(observed.get("frozen", ())):
        return FROZEN
    if still <= set(observed.get("unheld", ())):
        return UNHELD
    return NO_RATE if observed.get("no_rate") else ""
