"""Observes a student's update: where the parameters are after each of some steps."""

from __future__ import annotations

from typing import Any

import torch

from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.values import described, function_of, outputs, tensors


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Take the steps of every case, each from where the one before has led.

    Per step report the values of all parameters, and whether they were returned. A function that
    returns nothing is expected to have changed its arguments.
    """
    runner = Namespace(task["program"], seed, {})
    challenge = task["challenge"]
    try:
        function = function_of(runner, task["program"])
    except StudentError as error:
        return {"error": error.data, "cases": []}
    return {
        "error": None,
        "cases": [_case(runner, function, challenge, case) for case in challenge["cases"]],
    }


def _case(
    runner: Namespace, function: Any, challenge: dict[str, Any], case: dict[str, Any]
) -> dict[str, Any]:
    names = challenge["parameters"]
    state: list[Any] = tensors(case["parameters"])
    steps: list[dict[str, Any]] = []
    for gradients in case["gradients"]:
        given = dict(zip(names, state, strict=True))
        given |= dict(zip(challenge["gradients"], tensors(gradients), strict=True))
        given[challenge["rate"]] = case["rate"]
        try:
            returned = runner.call(function, *(given[name] for name in challenge["order"]))
        except StudentError as error:
            return {"error": error.data, "steps": steps}
        if returned is None:
            steps.append({"returned": False, "values": [described(value) for value in state]})
            continue
        values = outputs(returned, len(names))
        steps.append({"returned": True, "values": values})
        if any("array" not in value for value in values) or len(values) != len(names):
            break
        whole = returned if len(names) > 1 else [returned]
        state = [torch.as_tensor(value, dtype=torch.float32) for value in whole]
    return {"error": None, "steps": steps}
