"""Runs the student's own training on the judge's points."""

from __future__ import annotations

from typing import Any

from grader.probes.environment.running import Namespace, StudentError, seed_everything
from grader.probes.recording.values import function_of, outputs, tensors


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train once a run; report the parameters that each returned, or its exception."""
    challenge = task["challenge"]
    runner = Namespace(task["program"], seed, {})
    try:
        function = function_of(runner, task["program"])
    except StudentError as error:
        return {"error": error.data, "runs": []}
    runs: list[dict[str, Any]] = []
    for points in challenge["runs"]:
        seed_everything(seed)
        try:
            returned = runner.call(
                function, *tensors(points), challenge["rate"], challenge["steps"]
            )
            runs.append({"returned": outputs(returned, challenge["outputs"])})
        except StudentError as error:
            runs.append({"error": error.data})
    return {"error": None, "runs": runs}
