"""Compares where a student's training ends with the best line through the points."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.remark import Remark, number, raised
from grader.checks.schema import ERROR, Either, ListOf, Maybe
from grader.checks.values import VALUE
from grader.report import Severity

FORM = {
    "error": Maybe(ERROR),
    "runs": ListOf(Either(({"error": ERROR}, {"returned": ListOf(VALUE)}))),
}


def judge(
    observed: dict[str, Any], best: list[np.ndarray], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Compare each run's parameters with least squares, relative to the way from zero."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    if len(observed["runs"]) != len(best):
        return [Remark("no_parameters", facts={"outputs": _names(check)})]
    ends = []
    for run in observed["runs"]:
        if "error" in run:
            return [raised(run["error"], when=f"in {challenge['steps']} steps of training")]
        values = [value.get("array") for value in run["returned"]]
        if len(values) != len(best[0]) or any(v is None or v.size != 1 for v in values):
            return [Remark("no_parameters", facts={"outputs": _names(check)})]
        ends.append(np.array([float(v.reshape(-1)[0]) for v in values]))
    far = [
        float(np.linalg.norm(end - want) / np.linalg.norm(want))
        for end, want in zip(ends, best, strict=True)
    ]
    # NaN compares with nothing: a run that diverged is the worst.
    worst = max(range(len(far)), key=lambda k: far[k] if np.isfinite(far[k]) else np.inf)
    facts = _facts(ends[worst], best[worst], challenge["runs"][worst], challenge, check)
    if not np.isfinite(far[worst]) or far[worst] > 2:
        return [Remark("moves_away", facts=facts)]
    if far[worst] <= check.options["close"]:
        return []
    if not np.any(ends[worst]):
        return [Remark("never_moves", facts=facts)]
    if far[worst] <= check.options["near"]:
        return [Remark("not_there_yet", Severity.PARTIAL, facts=facts)]
    return [Remark("does_not_converge", facts=facts)]


def _facts(
    end: np.ndarray, best: np.ndarray, points: Any, challenge: dict[str, Any], check: Any
) -> dict[str, Any]:
    x, y = (values.astype(np.float64) for values in points)

    def loss(line: np.ndarray) -> str:
        with np.errstate(all="ignore"):
            return number(float(np.mean((line[0] * x + line[1] - y) ** 2)))

    def words(line: np.ndarray) -> str:
        names = [output["name"] for output in check.options["outputs"]]
        return ", ".join(f"{n} = {number(float(v))}" for n, v in zip(names, line, strict=True))

    return {
        "points": len(x),
        "steps": challenge["steps"],
        "rate": number(challenge["rate"]),
        "loss_before": loss(np.zeros(2)),
        "loss_after": loss(end),
        "loss_best": loss(best),
        "got": words(end),
        "expected": words(best),
    }


def _names(check: Any) -> str:
    return " and ".join(output["name"] for output in check.options["outputs"])
