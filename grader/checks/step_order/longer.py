"""Judges the longer runs, which go beyond the numbers that stand in the loop's conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import Facts, Remark, ordinal
from grader.checks.step_order.other_loss import left_out_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from grader.checks.step_order.observation import Beyond, OneLossObservation

# The letters of batches with a step.
_STEPS = frozenset("123")
UNUSED = " The gradients of the batches without a step are cleared, and no step ever uses them."
_BLANKS = {"step": "step_blank", "backward": "backward_blank", "zero_grad": "zero_blank"}


def beyond(observed: OneLossObservation, options: Mapping[str, Any], images: int) -> list[Remark]:
    """Return what a longer run leaves out: whole epochs, some of the batches, images of a batch.

    ``images`` is the number of different images in such a run.
    """
    for run in observed.get("beyond", []):
        trained = run["trained"]
        used = _used(run, images)
        if used < run["size"]:
            facts: Facts = {"size": run["size"], "images": used}
            return [Remark("part_of_batch", facts=facts)]
        found = epochs_left_out(trained) or _batches(run, options)
        if found:
            return found
    return []


def by_a_constant(observed: OneLossObservation, names: Sequence[str]) -> list[Remark]:
    """Return that an update waits for a constant whose own value alone is the lucky one."""
    for run in observed.get("constants", []):
        letters = "".join(run["trained"])
        idle = sum(letter != "1" for letter in letters)
        if run["name"] in names and idle and "1" in letters:
            facts: Facts = {
                "name": run["name"],
                "value": run["value"],
                "other": run["value"] + 1,
                "idle": idle,
                "batches": len(letters),
            }
            return [Remark("update_by_a_constant", facts=facts)]
    return []


def _used(run: Beyond, images: int) -> int:
    """Return on how many images of the first batch the loss depends; all where nothing shows it."""
    rows = run["rows"]
    if not rows or run["size"] <= images:
        return run["size"]
    if not left_out_rows(rows, images):
        return len(rows)
    used = np.flatnonzero(rows)
    return int(used[-1] - used[0]) + 1


def epochs_left_out(trained: Sequence[str]) -> list[Remark]:
    """Return that some epochs pass without any update, though others have some."""
    idle = [k for k, epoch in enumerate(trained, start=1) if epoch and not _STEPS & set(epoch)]
    if not idle or not any(_STEPS & set(epoch) for epoch in trained):
        return []
    facts: Facts = {
        "epochs": len(trained),
        "idle": len(idle),
        "which": _which(idle, len(trained)),
    }
    return [Remark("epochs_left_out", facts=facts)]


def _batches(run: Beyond, options: Mapping[str, Any]) -> list[Remark]:
    epoch, single = "".join(run["trained"]), len(run["trained"]) == 1
    if not _STEPS & set(epoch):
        return []
    # What is never cleared at all is named by that.
    if len(epoch) > 1 and set(epoch[1:]) & set("2c") and not set(epoch[1:]) & set("1b"):
        return []
    if all(len(one) > 1 and _steps(one) == (one[-1] in _STEPS) == 1 for one in run["trained"]):
        return []  # once an epoch, after its batches: the short runs show it as well
    if single and len(epoch) < run["batches"]:
        words: Facts = {"got": str(len(epoch)), "expected": f"{run['batches']} batches"}
        at = tuple((line[0], line[1]) for line in run["stopped"][:1] if len(line) == 2)
        return [Remark("too_few_batches", facts=words, lines=at)]
    for name, lacking, does in (
        ("step", "0bc", "It makes one"),
        ("backward", "03", "It is called"),
        ("zero_grad", "2c", "They are cleared"),
    ):
        without = [k for k, letter in enumerate(epoch) if letter in lacking]
        others = [k for k, letter in enumerate(epoch) if letter not in lacking]
        # Nothing is left over for the first batch, so it does not show whether it was cleared.
        if without and len(others) > (name == "zero_grad"):
            facts: Facts = {
                "batches": len(epoch),
                "skipped": len(without),
                "rhythm": _rhythm(others, does) if single else "",
                "unused": UNUSED if set(epoch) == {"1", "b"} else "",
            }
            return [Remark(f"{name}_left_out", blank=options[_BLANKS[name]], facts=facts)]
    return []


def _steps(epoch: str) -> int:
    return sum(letter in _STEPS for letter in epoch)


def _rhythm(places: Sequence[int], does: str) -> str:
    """Return in words on which batches of an epoch something is done, empty where it is no rule."""
    apart = set(np.diff(places).tolist())
    if len(apart) == 1 and (length := apart.pop()) > 1:
        return f" {does} on every {ordinal(length)} batch."
    if list(places) == list(range(len(places))) and len(places) > 1:
        return f" {does} on the first {len(places)} only."
    return ""


def _which(idle: Sequence[int], last: int) -> str:
    """Return in words which epochs, counted from 1, have no update."""
    if len(idle) == 1:
        return f"epoch {idle[0]}"
    if list(idle) == list(range(idle[0], last + 1)):
        return f"every epoch from the {ordinal(idle[0])} on"
    if list(idle) == list(range(1, len(idle) + 1)):
        return f"the first {len(idle)}"
    apart = set(np.diff(idle).tolist())
    if len(apart) == 1:
        return f"every {ordinal(apart.pop())} one"
    return (
        f"epochs {', '.join(map(str, idle[:3]))} and others"
        if len(idle) > 3
        else (f"epochs {', '.join(map(str, idle[:-1]))} and {idle[-1]}")
    )
