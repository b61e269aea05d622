"""Judges a training by the accuracy of the model on images whose labels the judge has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from grader.checks.kind import Measure
from grader.checks.remark import Remark, raised, together
from grader.checks.schema import Array, RaisedError
from grader.checks.scores import accuracy_of, are_scores, loss_of
from grader.checks.standing_still import REASONS, cause_of_standing_still
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.learns.challenge import LearnsChallenge

_STILL = "parameters_stand_still"


# So many images of a class are called something else by no chance.
_MANY = 10
# An entry of the program, and a node in it.
_PLACE = 2


class _Observation(TypedDict):
    error: RaisedError | None
    steps: int
    before: Array | None
    after: Array | None


class LearnsObservation(_Observation, total=False):
    """Logits (M, C) of the held-back images before and after training, and the steps made.

    Parameters that did not change are ``still``; of all ``layers`` many, some are ``frozen`` or
    ``unheld`` by the optimizer. ``late`` is an exception after the last step. ``thrown`` says how
    what was learned is lost: "away" in the line ``thrown_at``, there before each pass "anew", or
    "copy" where a copy has it.
    """

    still: list[str]
    layers: int
    frozen: list[str]
    unheld: list[str]
    no_rate: bool
    uphill: bool
    device: str
    late: RaisedError | None
    thrown: str
    thrown_at: list[int]


def judge(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
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
    facts: dict[str, str | int] = {
        "batches": "one batch" if steps == 1 else f"{steps} batches",
        "images": len(labels),
    }
    if not steps:
        return [Remark("draws_no_batches", facts=facts)]
    if not (are_scores(before, labels, classes) and are_scores(after, labels, classes)):
        return [Remark("no_class_scores", facts=facts)]
    if not np.isfinite(after).all():
        return [Remark("training_not_finite", facts=facts)]
    accuracy = accuracy_of(after, labels)
    first, last = loss_of(before, labels), loss_of(after, labels)
    facts |= {
        "accuracy": f"{100 * accuracy:.1f} %",
        "started": f"{100 * accuracy_of(before, labels):.1f} %",
        "loss_before": f"{first:.2f}",
        "loss_after": f"{last:.2f}",
        "got": f"{100 * accuracy:.1f} % right",
        "expected": f"at least {100 * thresholds['passed']:.0f} %",
    }
    thrown = observed.get("thrown", "")
    place = observed.get("thrown_at", [])
    at = (place[0], place[1]) if len(place) == _PLACE else None
    if thrown in ("away", "copy") and accuracy < thresholds["passed"]:
        code = "learned_by_a_copy" if thrown == "copy" else "thrown_away"
        return [Remark(code, facts=facts, at=at)]
    still = observed.get("still", [])
    learned = accuracy >= thresholds["passed"] and last < first
    severity = Severity.PARTIAL if accuracy >= thresholds["partial"] else Severity.ERROR
    if still:
        whole = len(still) == observed.get("layers")
        cause = cause_of_standing_still(observed)
        facts |= {"still": _named(still, observed), "reason": REASONS[cause]}
        # Where nothing changed, nothing was learned, however much the model knows.
        severity = Severity.ERROR if whole else severity
        return [Remark(_STILL, severity, facts=facts, cause=cause)]
    if thrown == "anew" and accuracy >= thresholds["partial"]:
        told = {name: fact for name, fact in facts.items() if name not in ("got", "expected")}
        return [Remark("each_epoch_anew", severity, facts=told, at=at, share="learns_too_little")]
    if learned:
        return _beside_passing(observed, after, labels, classes)
    if accuracy >= thresholds["partial"]:
        return [Remark("learns_too_little", Severity.PARTIAL, facts=facts)]
    climbs = observed.get("uphill", False)
    facts["reason"] = " The optimizer is set to make the loss larger." if climbs else ""
    return [Remark("does_not_learn", facts=facts)]


def _beside_passing(
    observed: LearnsObservation, after: np.ndarray, labels: np.ndarray, classes: int
) -> list[Remark]:
    """Return what a student should know all the same where the model has learned enough."""
    late = observed.get("late")
    if late:
        return [replace(raised(late, when="after the last batch"), severity=Severity.WARNING)]
    return _never_named(after, labels, classes)


def _never_named(after: np.ndarray, labels: np.ndarray, classes: int) -> list[Remark]:
    """Return that a class is never the answer, though many images are of it."""
    answers = np.bincount(after.argmax(axis=1), minlength=classes)
    there = np.bincount(labels, minlength=classes)
    for one in np.flatnonzero((answers[:classes] == 0) & (there[:classes] >= _MANY)):
        facts: dict[str, str | int] = {"class": int(one), "images": int(there[one])}
        return [Remark("class_never_named", Severity.WARNING, facts=facts)]
    return []


def _named(names: Sequence[str], observed: LearnsObservation) -> str:
    whole = len(names) == observed.get("layers")
    return "all parameters" if whole else together(names)


def measure(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
) -> Measure | None:
    """Return the accuracy after training; a model with a parameter that is still cannot pass."""
    after = observed["after"]
    if after is None or after.ndim != 2 or len(after) != len(labels):
        return None
    limits = check.on_data("training", challenge["data"])
    return Measure(accuracy_of(after, labels), limits, cannot_pass=bool(observed.get("still")))


def unsure(
    observed: LearnsObservation,
    labels: np.ndarray,
    check: Check,
    challenge: LearnsChallenge,
    *,
    right: bool,
) -> bool:
    """Whether chance may have decided: a ``right`` update did not learn well, or one is near."""
    measured = measure(observed, labels, check, challenge)
    if measured is None or measured.cannot_pass or not observed["steps"]:
        return False
    value, limits = measured.value, measured.limits
    if right:
        return value < limits["sure"]
    near = _near(limits)
    # What learns slowly may be far below at first; what passes by chance is a little above.
    about_to_pass = -2 * near < value - limits["passed"] < near
    return about_to_pass or abs(value - limits["partial"]) < near


def _near(limits: Mapping[str, float]) -> float:
    """Return how far from a threshold chance may decide."""
    return limits["sure"] - limits["passed"]


def by_other_means(learned: Measure, controls: Mapping[str, Measure]) -> list[Remark]:
    """Return a remark where the model came to know as much in a control run, by what that lacks.

    What it knows then is not what its update lines made it learn. By luck alone an untrained model
    may be right a little more often than ``partial``.
    """
    for without, control in controls.items():
        if control.value >= control.limits["partial"] + _near(control.limits):
            facts = {
                "accuracy": f"{100 * learned.value:.1f} %",
                "without": without,
                "control": f"{100 * control.value:.1f} %",
            }
            return [Remark("knows_without_update", facts=facts)]
    return []
