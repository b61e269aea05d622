"""Observes what a student's function returns for the judge's arguments."""

from __future__ import annotations

from typing import Any

from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.values import function_of, outputs, same, tensors


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once a case; report what it returned or raised, and what it changed."""
    runner = Namespace(task["program"], seed, {})
    try:
        function = function_of(runner, task["program"])
    except StudentError as error:
        return {"error": error.data, "calls": []}
    return {"error": None, "calls": calls(runner, function, task["challenge"])}


def calls(runner: Namespace, function: Any, challenge: dict[str, Any]) -> list[dict[str, Any]]:
    """Call the function with each case's arguments and describe each call."""
    found: list[dict[str, Any]] = []
    for case in challenge["cases"]:
        arguments = tensors(case)
        try:
            returned = runner.call(function, *arguments)
        except StudentError as error:
            found.append({"error": error.data})
            continue
        untouched = tensors(case)
        changed = not same(arguments, untouched)
        found.append({"returned": outputs(returned, challenge["outputs"]), "changed": changed})
    return found
