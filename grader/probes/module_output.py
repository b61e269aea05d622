"""Observes what a student's module returns under the judge's parameters, for drawn arguments."""

from __future__ import annotations

from typing import Any

from torch import nn

from grader.probes.doubles.given import stand_ins
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.constructing import Builder
from grader.probes.recording.filling import fill
from grader.probes.recording.module_calls import module_calls
from grader.probes.recording.values import argument, leaves

_SEVERAL = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Build the class for each case, fill its parameters with drawn numbers, and call it.

    Per case ``{"error": …}`` of what was raised while it was built, or what ``module_calls``
    returns, with the ``shapes`` of the parameters by layer and those that the calls ``moved``.
    """
    challenge = task["challenge"]
    runner = Namespace(task["program"], seed, stand_ins(challenge))
    cases = challenge["cases"]
    try:
        builder = Builder(runner, cases[0]["dims"])
    except StudentError as error:
        return {"error": error.data, "cases": []}
    return {
        "error": None,
        "cases": [
            _case(runner, builder, challenge, case, number) for number, case in enumerate(cases)
        ],
    }


def _case(
    runner: Namespace,
    builder: Builder,
    challenge: dict[str, Any],
    case: dict[str, Any],
    number: int,
) -> dict[str, Any]:
    usual = case["dims"] == challenge["cases"][0]["dims"]
    try:
        model = builder.build(case["dims"], known_only=usual)
    except StudentError as error:
        return {"error": error.data}
    if not isinstance(model, nn.Module):
        return {"no_module": type(model).__name__[:60]}
    if any(nn.parameter.is_lazy(parameter) for parameter in model.parameters()):
        # Only a first call makes these parameters.
        module_calls(runner, model, model, case)
    shapes = fill(model, challenge["seed"] + number, challenge["layers"])
    known = [(n, p) for n, p in model.named_parameters() if not nn.parameter.is_lazy(p)]
    before = [(name, p, p.detach().clone()) for name, p in known]
    method = challenge["method"]
    try:
        call = model if method == "forward" else runner.call(getattr, model, method)
    except StudentError as error:
        return {"error": error.data}
    alone = _alone(runner, model, call, case, challenge["rows"])
    seen = module_calls(runner, model, call, case)
    moved = [name[:100] for name, p, was in before if not bool((p.detach() == was).all())]
    return {**seen, "alone": alone, "shapes": shapes, "moved": moved[:20]}


def _alone(
    runner: Namespace, model: nn.Module, call: Any, case: dict[str, Any], rows: list[int | str]
) -> list[dict[str, Any]] | None:
    """Return what a call in eval mode gives for the first row of a batch of several."""
    every: dict[int | str, Any] = {**dict(enumerate(case["args"])), **case["kwargs"]}
    if not rows or max(len(every[row]) for row in rows) < _SEVERAL:
        return None
    some = {key: argument(v[:1] if key in rows else v) for key, v in every.items()}
    given = [value for key, value in some.items() if isinstance(key, int)]
    named = {key: value for key, value in some.items() if isinstance(key, str)}
    try:
        runner.call(model.eval)
        return leaves(runner.call(call, *given, **named))
    except StudentError:
        return None
