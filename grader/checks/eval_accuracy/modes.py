"""Judges in which mode a model was called: what switched it, where, and before which batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Facts, Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.eval_accuracy.observation import SeenScene


def in_train_mode(scenes: Sequence[SeenScene]) -> Remark:
    """Return the remark on a model that was called in train mode."""
    if any(scene["decoy_switched"] for scene in scenes):
        lines = (scene["lines"].get("decoy_switched") for scene in scenes)
        return Remark("switches_another_model", at=next((line for line in lines if line), None))
    named = only_named(scenes, "eval")
    if named is not None:
        return Remark("eval_not_called", at=named)
    for scene in scenes:
        switched = _too_early(scene) or _too_late(scene)
        if switched is not None:
            return switched
    whole = any(seen["training"] for scene in scenes for seen in scene["calls"])
    facts: Facts = {"what": "it was" if whole else "its layers were"}
    return Remark("not_in_eval_mode", facts=facts)


def only_named(scenes: Sequence[SeenScene], name: str) -> list[int] | None:
    """Return the line at which a method is named, where it is never called."""
    seen = [mode for scene in scenes for mode in scene["modes"] if mode["name"] == name]
    if not seen or any(mode["called"] for mode in seen):
        return None
    return seen[0]["line"]


def _too_early(scene: SeenScene) -> Remark | None:
    """Return the remark on a model that is back in train mode before the last batch."""
    calls = scene["calls"]
    first = next((k for k, call in enumerate(calls) if call["training"]), 0)
    if not first:
        return None
    after = calls[first - 1]["batch"]
    back = [mode for mode in scene["modes"] if mode["training"] and mode["batch"] >= after]
    if not back:
        return None
    facts: Facts = {"batch": after + 1, "next": calls[first]["batch"] + 1}
    return Remark("back_in_train_mode", facts=facts, at=back[0]["line"])


def _too_late(scene: SeenScene) -> Remark | None:
    """Return the remark on a model that is switched into eval mode after the first batch."""
    calls = scene["calls"]
    if not calls or not calls[0]["training"]:
        return None
    off = [mode for mode in scene["modes"] if mode["called"] and not mode["training"]]
    late = off[0] if off and off[0]["batch"] >= calls[0]["batch"] else None
    if late is None:
        return None
    return Remark("eval_too_late", facts={"batch": late["batch"] + 1}, at=late["line"])
