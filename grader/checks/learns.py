"""Works out the accuracy of the trained model on images whose labels only the judge has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.remark import Remark, raised, together
from grader.checks.schema import ERROR, Array, ListOf, Maybe, Option
from grader.report import Severity

FORM = {
    "error": Maybe(ERROR),
    "steps": int,
    "before": Maybe(Array()),
    "after": Maybe(Array()),
    "still": Option(ListOf(str)),
    "layers": Option(int),
    "frozen": Option(ListOf(str)),
    "unheld": Option(ListOf(str)),
    "no_rate": Option(bool),
    "uphill": Option(bool),
    "device": Option(str),
    "late": Option(Maybe(ERROR)),
}


def judge(
    observed: dict[str, Any], labels: np.ndarray, check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Compare accuracy with the rubric's thresholds, and the loss after with the loss before."""
    thresholds = check.on_data("training", challenge["data"])
    classes = int(check.options["classes"])
    if observed["error"] is not None:
        number = observed["steps"]
        when = f"on batch {number} of {challenge['steps']}" if number else "before the first batch"
        return [raised(observed["error"], when=when)]
    before, after = observed["before"], observed["after"]
    steps = observed["steps"]
    facts: dict[str, Any] = {
        "batches": "one batch" if steps == 1 else f"{steps} batches",
        "images": len(labels),
    }
    if not steps:
        return [Remark("draws_no_batches", facts=facts)]
    for logits in (before, after):
        wrong = not isinstance(logits, np.ndarray) or logits.ndim != 2 or len(logits) != len(labels)
        if wrong or logits.shape[1] < classes:
            return [Remark("no_class_scores", facts=facts)]
    if not np.isfinite(after).all():
        return [Remark("training_not_finite", facts=facts)]
    accuracy = float((after.argmax(axis=1) == labels).mean())
    first, last = _loss(before, labels), _loss(after, labels)
    facts |= {
        "accuracy": f"{100 * accuracy:.1f} %",
        "started": f"{100 * float((before.argmax(axis=1) == labels).mean()):.1f} %",
        "loss_before": f"{first:.2f}",
        "loss_after": f"{last:.2f}",
        "got": f"{100 * accuracy:.1f} % right",
        "expected": f"at least {100 * thresholds['passed']:.0f} %",
    }
    still = observed.get("still", [])
    if still:
        whole = len(still) == observed.get("layers")
        facts["still"] = "all parameters" if whole else together(still)
        facts["reason"] = _reason(observed)
        learned = accuracy >= thresholds["partial"]
        severity = Severity.PARTIAL if learned else Severity.ERROR
        return [Remark("parameters_stand_still", severity, facts=facts)]
    if accuracy >= thresholds["passed"] and last < first:
        late = observed.get("late")
        when = "after the last batch"
        return [replace(raised(late, when=when), severity=Severity.WARNING)] if late else []
    if accuracy >= thresholds["partial"]:
        return [Remark("learns_too_little", Severity.PARTIAL, facts=facts)]
    climbs = observed.get("uphill", False)
    facts["reason"] = " The optimizer is set to make the loss larger." if climbs else ""
    return [Remark("does_not_learn", facts=facts)]


def _reason(observed: dict[str, Any]) -> str:
    """Return what was seen to keep parameters where they are, the nearest cause first."""
    still = set(observed["still"])
    if still <= set(observed.get("frozen", ())):
        return " Their requires_grad is off, so no gradient is computed for them."
    if still <= set(observed.get("unheld", ())):
        return " The optimizer was made for other parameters: it does not know these."
    if observed.get("no_rate"):
        return " The optimizer's learning rate is 0."
    return ""


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of logits (N, C)."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - picked).mean())
