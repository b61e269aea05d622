"""Judges a training by the accuracy of the model on images whose labels the judge has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from grader.checks.kind import Measure
from grader.checks.learns.beside_passing import beside_passing
from grader.checks.learns.knowledge import (
    Knowledge,
    of_images,
    of_rows,
    threshold,
    wanted_shape,
)
from grader.checks.remark import Facts, Remark, raised, together
from grader.checks.schema import Array, RaisedError
from grader.checks.scores import accuracy_of, are_scores
from grader.checks.standing_still import (
    EVEN,
    REASONS,
    ZERO,
    cause_of_standing_still,
    reason_of_evenness,
    reason_of_zeros,
)
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.learns.challenge import LearnsChallenge

_STILL = "parameters_stand_still"

# An entry of the program, and a node in it.
_PLACE = 2


class _Observation(TypedDict):
    error: RaisedError | None
    steps: int
    before: Array | None
    after: Array | None


class LearnsObservation(_Observation, total=False):
    """Outputs (M, ...) for what is held back before and after training, and the steps made.

    Parameters that did not change are ``still``; of all ``layers`` many, some are ``frozen`` or
    ``unheld`` by the optimizer. Weights that begin with one number throughout are ``even``, and
    ``zero`` where it is that. ``late`` is an exception after the last step, ``late_batch`` the
    number of the batch of a further pass at which it was raised, 0 for none. ``thrown`` says how
    what was learned is lost: "away" in the line ``thrown_at``, there before each pass "anew", or
    "copy" where a copy has it.
    """

    still: list[str]
    layers: int
    even: list[str]
    zero: list[str]
    frozen: list[str]
    unheld: list[str]
    no_rate: bool
    uphill: bool
    device: str
    late: RaisedError | None
    late_batch: int
    thrown: str
    thrown_at: list[int]


def judge(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
) -> list[Remark]:
    """Compare accuracy with the rubric's thresholds, and the loss after with the loss before."""
    thresholds = check.on_data("training", challenge["data"])
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
    misformed = _misformed(before, after, labels, check, challenge)
    if misformed is not None:
        return [Remark(misformed[0], facts={**facts, **misformed[1]})]
    assert before is not None
    assert after is not None
    if not np.isfinite(after).all():
        return [Remark("training_not_finite", facts=facts)]
    started, known = (_knowledge(outputs, labels, challenge) for outputs in (before, after))
    accuracy = known.value
    facts |= {
        "accuracy": known.short,
        "started": started.short,
        "knows": known.knows,
        "told": known.told,
        "loss_before": f"{started.loss:.2f}",
        "loss_after": f"{known.loss:.2f}",
        "got": known.got,
        "expected": threshold(challenge.get("form"), thresholds["passed"]),
    }
    thrown = observed.get("thrown", "")
    place = observed.get("thrown_at", [])
    at = (place[0], place[1]) if len(place) == _PLACE else None
    if thrown in ("away", "copy") and accuracy < thresholds["passed"]:
        code = "learned_by_a_copy" if thrown == "copy" else "thrown_away"
        return [Remark(code, facts=facts, at=at)]
    still = observed.get("still", [])
    learned = accuracy >= thresholds["passed"] and known.loss < started.loss
    severity = Severity.PARTIAL if accuracy >= thresholds["partial"] else Severity.ERROR
    if still:
        whole = len(still) == observed.get("layers")
        cause = cause_of_standing_still(observed)
        reason = reason_of_zeros(observed) if cause == ZERO else REASONS[cause]
        facts |= {"still": _named(still, observed), "reason": reason}
        # Where nothing changed, nothing was learned, however much the model knows.
        severity = Severity.ERROR if whole else severity
        # How much it knows is not what is wrong here, so it stands beside no threshold.
        return [Remark(_STILL, severity, facts=_without_threshold(facts), cause=cause)]
    if thrown == "anew" and accuracy >= thresholds["partial"]:
        told = _without_threshold(facts)
        return [Remark("each_epoch_anew", severity, facts=told, at=at, share="learns_too_little")]
    if learned:
        of_images = challenge.get("form") is None
        classes = int(check.options["classes"]) if of_images else 0
        return beside_passing(observed, after, labels, classes, challenge["steps"])
    return [_badly(observed, check, facts, partly=accuracy >= thresholds["partial"])]


def _badly(observed: LearnsObservation, check: Check, facts: Facts, *, partly: bool) -> Remark:
    """Return the remark on a model that has learned nothing, or not enough."""
    even = reason_of_evenness(observed, check.options.get("layers", ()))
    climbs = " The optimizer is set to make the loss larger." if observed.get("uphill") else ""
    cause = EVEN if even else ""
    if partly:
        reason = {"reason": even}
        return Remark("learns_too_little", Severity.PARTIAL, facts={**facts, **reason}, cause=cause)
    reason = {"reason": climbs or even}
    return Remark("does_not_learn", facts={**facts, **reason}, cause="" if climbs else cause)


def _without_threshold(facts: Facts) -> Facts:
    return {name: fact for name, fact in facts.items() if name not in ("got", "expected")}


def _named(names: Sequence[str], observed: LearnsObservation) -> str:
    whole = len(names) == observed.get("layers")
    return "all parameters" if whole else together(names)


def _misformed(
    before: np.ndarray | None,
    after: np.ndarray | None,
    labels: np.ndarray,
    check: Check,
    challenge: LearnsChallenge,
) -> tuple[str, Facts] | None:
    """Return code and facts where outputs have not the form that the data ask for."""
    form = challenge.get("form")
    if form is None:
        classes = int(check.options["classes"])
        scores = are_scores(before, labels, classes) and are_scores(after, labels, classes)
        return None if scores else ("no_class_scores", {})
    wanted = wanted_shape(form, len(labels))
    for outputs in (before, after):
        if outputs is None or outputs.shape != wanted:
            got = "no tensor of numbers" if outputs is None else f"the shape {outputs.shape}"
            return "outputs_of_other_shape", {"got": got, "expected": f"the shape {wanted}"}
    return None


def _knowledge(outputs: np.ndarray, labels: np.ndarray, challenge: LearnsChallenge) -> Knowledge:
    form = challenge.get("form")
    return of_images(outputs, labels) if form is None else of_rows(form, outputs, labels)


def measure(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
) -> Measure | None:
    """Return the accuracy after training; a model with a parameter that is still cannot pass."""
    after, form = observed["after"], challenge.get("form")
    limits = check.on_data("training", challenge["data"])
    still = bool(observed.get("still"))
    if form is not None:
        if after is None or after.shape != wanted_shape(form, len(labels)):
            return None
        known = of_rows(form, after, labels)
        value = known.value if np.isfinite(known.value) else float("-inf")
        return Measure(value, limits, cannot_pass=still, told=known.knows)
    if after is None or after.ndim != 2 or len(after) != len(labels):
        return None
    return Measure(accuracy_of(after, labels), limits, cannot_pass=still)


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
            accuracy, other = (f"{100 * one.value:.1f} %" for one in (learned, control))
            facts: Facts = {
                "accuracy": accuracy,
                "without": without,
                "control": other,
                "knows": learned.told or f"classifies {accuracy} of images it has never seen",
                "alone": control.told or f"classifies {other} of them",
                "what": "this" if learned.told else "them",
            }
            return [Remark("knows_without_update", facts=facts)]
    return []
