"""Runs a loop with the notebook's own optimizer, where it does not run with the judge's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.probes.environment.running import statements_of
from grader.probes.recording.loop import run_loop

if TYPE_CHECKING:
    from grader.probes.recording.loop import WatchedRun


def with_own_optimizer(
    task: dict[str, Any], run: WatchedRun, seed: int
) -> tuple[dict[str, Any], list[WatchedRun]] | None:
    """Return the task with the notebook's own optimizer, and its first run with it.

    ``None`` where the judge's optimizer does: the loop came to its end, or the notebook's own is no
    other, or fails as well. What the judge's optimizer lacks is never a mistake of the loop.
    """
    if run.error is None or not makes_optimizer(task["program"]):
        return None
    own = run_own(task, seed)
    missing = task["program"].get("missing")
    if missing:
        message = f"No module named {missing[0]!r}"
        own.error = {"type": "ModuleNotFoundError", "message": message, "frames": []}
    if own.error is not None and run.error["type"] != "AttributeError":
        return None
    return _own(task), [own]


def run_own(task: dict[str, Any], seed: int) -> WatchedRun:
    """Run the loop with the notebook's own optimizer."""
    task = _own(task)
    return run_loop(task, task["challenge"], task["challenge"]["optimizers"][0], seed)


def _own(task: dict[str, Any]) -> dict[str, Any]:
    return {**task, "challenge": {**task["challenge"], "own_optimizer": True}}


def makes_optimizer(program: dict[str, Any]) -> bool:
    """Whether a statement beside the loop makes the notebook's optimizer."""
    names = set(program["roles"].get("optimizer", ()))
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names
        for statement, own in statements_of(program)
        if not own
        for node in ast.walk(statement)
    )
