"""Tells what keeps parameters from changing, as far as it was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.checks.remark import together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FROZEN, UNHELD, NO_RATE, ZERO, EVEN = "frozen", "unheld", "no rate", "zero", "even"
REASONS = {
    FROZEN: " Their requires_grad is off, so no gradient is computed for them.",
    UNHELD: " The optimizer was made for other parameters: it does not know these.",
    NO_RATE: " The optimizer's learning rate is 0.",
    ZERO: "",
    "": "",
}


def cause_of_standing_still(observed: Mapping[str, Any]) -> str:
    """Return what keeps parameters from changing, if that was seen; the nearest cause first."""
    still = set(observed["still"])
    if still <= set(observed.get("frozen", ())):
        return FROZEN
    if still <= set(observed.get("unheld", ())):
        return UNHELD
    if observed.get("no_rate"):
        return NO_RATE
    return ZERO if still & set(observed.get("zero", ())) else ""


def reason_of_zeros(observed: Mapping[str, Any]) -> str:
    """Return in words that the zeros which weights begin with let no gradient through."""
    names = together([name for name in observed["zero"] if name in observed["still"]])
    return (
        f" Before the training all numbers of {names} are 0. Whatever is multiplied by them is 0,"
        " and on the way back the gradients are multiplied by 0 as well."
    )


def reason_of_evenness(observed: Mapping[str, Any], layers: Sequence[str]) -> str:
    """Return in words that a weight before the last one begins with one number throughout."""
    first = [f"{layer}.weight" for layer in layers[:-1]]
    names = [name for name in observed.get("even", ()) if name in first]
    if not names:
        return ""
    return (
        f" Before the training all numbers of {together(names)} are the same, so each number that"
        " the layer gives is made of the very same sum of its inputs."
    )
