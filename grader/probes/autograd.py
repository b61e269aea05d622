"""Observes a student's gradients; for the reference, autograd's as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.probes.environment.running import Namespace, StudentError
from grader.probes.function_values import calls
from grader.probes.recording.values import function_of, tensors

if TYPE_CHECKING:
    import numpy as np


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once a case.

    ``autograd`` holds the gradients by the parameters at each case's prediction. It is ``None``
    except for the reference, whose program has the model and the loss.
    """
    runner = Namespace(task["program"], seed, {})
    try:
        function = function_of(runner, task["program"])
    except StudentError as error:
        return {"error": error.data, "calls": [], "autograd": None}
    challenge = task["challenge"]
    known = {challenge["model"]["name"], challenge["loss"]["name"]} <= runner.namespace.keys()
    return {
        "error": None,
        "calls": calls(runner, function, challenge),
        "autograd": _by_autograd(runner, challenge) if known else None,
    }


def _by_autograd(runner: Namespace, challenge: dict[str, Any]) -> list[list[np.ndarray]] | None:
    """Differentiate the loss by the prediction, then the prediction by the parameters.

    The steps of the chain rule are separate, so that the drawn prediction can be any numbers: a
    student's arguments do not show how the model makes it.
    """
    model, loss = challenge["model"], challenge["loss"]
    found = []
    for case, values in zip(challenge["cases"], challenge["parameters"], strict=True):
        known = dict(zip(challenge["names"], tensors(case), strict=True))
        parameters = dict(zip(challenge["parameter_names"], tensors(values), strict=True))
        for value in (*parameters.values(), known[loss["prediction"]]):
            value.requires_grad_()
        everything = {**known, **parameters}
        try:
            bad = runner.call(
                runner.namespace[loss["name"]], *(everything[name] for name in loss["arguments"])
            )
            (back,) = torch.autograd.grad(bad, known[loss["prediction"]])
            made = runner.call(
                runner.namespace[model["name"]], *(everything[name] for name in model["arguments"])
            )
            by_parameter = torch.autograd.grad(made, list(parameters.values()), back)
        except (StudentError, RuntimeError):
            return None
        found.append([gradient.to(torch.float64).numpy() for gradient in by_parameter])
    return found
