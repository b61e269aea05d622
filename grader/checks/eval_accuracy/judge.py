"""Compares what the evaluation function returned, and did, with what is known of each scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from grader.checks.eval_accuracy.beyond import beyond_its_numbers
from grader.checks.eval_accuracy.left_out import left_out
from grader.checks.eval_accuracy.model_inputs import other_inputs, same_inputs, unseen_images
from grader.checks.eval_accuracy.passes_apart import passes_apart
from grader.checks.eval_accuracy.places import other_places
from grader.checks.eval_accuracy.results import (
    ROUNDED,
    rounding,
    same_value,
    shown,
    sizes_words,
    wrong_value,
)
from grader.checks.eval_accuracy.side_effects import read_again, side_effects, times
from grader.checks.remark import Facts, Remark, raised, same_error
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.assignment import Check
    from grader.checks.eval_accuracy.challenge import EvalAccuracyChallenge, Scene
    from grader.checks.eval_accuracy.observation import (
        EvalAccuracyObservation,
        ReturnedNumber,
        SeenScene,
    )
    from grader.checks.schema import Failed

_PLACES = frozenset({"not_on_device", "devices_mixed", "array_off_the_cpu"})
_SHAPES = frozenset({"wrong_input_shape", "wrong_input_values"})
GUESSED = _PLACES | _SHAPES | {"wrong_accuracy", "stops_early"}
GENERAL = GUESSED | {"returns_no_number", "rounds_the_share"}

_IGNORES = ("ignores_model_argument", "evaluates_another_model", "ignores_iterator_argument")


def judge(
    observed: EvalAccuracyObservation,
    reference: EvalAccuracyObservation,
    check: Check,
    challenge: EvalAccuracyChallenge,
) -> list[Remark]:
    """Return remarks on the input blank, the counting, and side effects."""
    scenes = list(zip(observed["scenes"], reference["scenes"], challenge["scenes"], strict=True))
    honest = [scene for scene in scenes if not scene[2]["told"]]
    # A scene whose iterator was used up by an earlier pass says nothing of the accuracy.
    again = [scene for scene in honest if read_again(scene[0], scene[2])]
    honest = [scene for scene in honest if not read_again(scene[0], scene[2])]
    rounded = rounding(honest)
    right = rounded is not None or all(_value(*scene, check) is None for scene in honest)
    look = unseen_images if right else other_inputs
    # Of repeated images nobody can tell which ones the model was shown.
    distinct = [scene for scene in honest if scene[2]["order"] is None]
    inputs = _first(look(*scene, check, challenge) for scene in distinct)
    # Where every accuracy is right, the images may come in any portions.
    scripted = [scene for scene in scenes if scene[2]["told"] == ("row" if right else "batch")]
    errors = _first(_error(*scene) for scene in honest)
    effects = side_effects([scene[0] for scene in honest], check.options.get("mode_blank"))
    values = None if rounded is not None else _first(_value(*scene, check) for scene in scripted)
    if any(remark.code in _IGNORES for remark in effects):
        return effects
    skipped = None if right else left_out(distinct)
    if skipped is not None:
        return [skipped, *effects]
    # What the model was shown explains an exception that follows from it.
    remarks = [remark for remark in (inputs, errors) if remark is not None][:1]
    remarks += [values] if values is not None else []
    remarks += effects
    if rounded is not None:
        remarks.append(rounded)
    elif not any(remark.severity is Severity.ERROR for remark in remarks):
        # Nothing seen so far makes a returned value wrong, so a wrong one is a finding.
        wrong = [remark for scene in honest if (remark := _value(*scene, check)) is not None]
        # A loop that is given up may have come to the last batch of a scene by then.
        remarks += sorted(wrong, key=lambda remark: remark.code != "stops_early")[:1]
    remarks += other_places(observed["devices"], check, remarks)
    if any(remark.severity is Severity.ERROR for remark in remarks):
        return remarks
    near = None if rounded is None else ROUNDED
    late = [] if rounded is not None else beyond_its_numbers(observed["beyond"], challenge, check)
    late = late or _memory(observed["again"], reference["again"], near)
    late = late or passes_apart(observed["reshuffled"], *scenes[0][1:], near)
    if again and not late:
        facts: Facts = {"times": times(again[0][0]["begun"])}
        line = next((scene[0]["idle_at"] for scene in honest), None)
        remarks.append(Remark("needs_several_passes", Severity.WARNING, facts=facts, at=line))
    lines = [scene["laid_out_at"] for scene, *_ in honest if scene["laid_out_at"]]
    if lines:
        remarks.append(Remark("forward_lays_out", Severity.WARNING, at=lines[0]))
    return late + remarks


def _memory(
    again: Sequence[Failed | ReturnedNumber],
    wanted: Sequence[Failed | ReturnedNumber],
    near: float | None,
) -> list[Remark]:
    """Compare several calls in one notebook, where each call by itself is right."""
    for call, got, value in zip(("first", "second", "third"), again, wanted, strict=True):
        if "error" in got:
            when = "when it is called" + ("" if call == "first" else f" for the {call} time")
            return [raised(got["error"], when=when, worked=1)]
        if "error" not in value and not same_value(got, value, near):
            numbers = {"got": shown(got), "expected": shown(value)}
            facts: Facts = {"call": call, "kept": "", **numbers}
            return [Remark("remembers_earlier_calls", facts=facts, of_result=True)]
    return []


def alike(
    one: EvalAccuracyObservation, other: EvalAccuracyObservation, place: str | None = None
) -> bool:
    """Whether two observations are the same.

    With a ``place``: whether the model was shown the same ("input"), or the counts are ("count").
    """
    pairs = list(zip(one["scenes"], other["scenes"], strict=True))
    if place == "count" and all(same_inputs(a, b) and _effects(a) == _effects(b) for a, b in pairs):
        # Nothing but the counting is left that can differ, so all of it tells more.
        place = None
    told = {"count": "batch", "input": ""}.get(place or "")
    return all(_alike(a, b, place) for a, b in pairs if told is None or a["told"] == told)


def _alike(a: SeenScene, b: SeenScene, place: str | None) -> bool:
    if place == "input":
        shown = bool(a["calls"] or b["calls"])
        return same_inputs(a, b) if shown else same_error(a["error"], b["error"])
    return (
        same_error(a["error"], b["error"])
        and same_value(a["returned"], b["returned"])
        and (place is not None or (same_inputs(a, b) and _effects(a) == _effects(b)))
    )


def _first(remarks: Iterable[Remark | None]) -> Remark | None:
    return next((remark for remark in remarks if remark is not None), None)


def _effects(scene: SeenScene) -> tuple[Any, ...]:
    return (
        [(call["training"], call["layers_training"]) for call in scene["calls"]],
        [call["gradients"] for call in scene["calls"]],
        scene["training_after"] and scene["layers_training_after"],
        scene["switched_off"],
        scene["changed"],
        scene["decoy_model"] > 0,
        scene["decoy_batches"] > 0,
        scene["decoy_switched"],
        scene["steps"] > 0,
    )


def _error(got: SeenScene, _wanted: SeenScene, scene: Scene) -> Remark | None:
    if got["error"] is None:
        return None
    k, sizes = got["batch"], scene["sizes"]
    facts: dict[str, str | int] = {}
    if 0 <= k < len(sizes):
        before = f"; {_batches(sizes[:k])} before it went well" if k else ""
        images = "1 image" if sizes[k] == 1 else f"{sizes[k]} images"
        facts["when"] = f"on batch {k + 1} of {len(sizes)} ({images}{before})"
        facts["worked"] = k
    return raised(got["error"], **facts)


def _batches(sizes: Sequence[int]) -> str:
    """Return the number of batches and of their images, in words."""
    count = "one batch" if len(sizes) == 1 else f"{len(sizes)} batches"
    images = str(sizes[0]) if len(set(sizes)) == 1 else f"{min(sizes)} to {max(sizes)}"
    return f"{count} of {images}"


def _value(got: SeenScene, wanted: SeenScene, scene: Scene, check: Check) -> Remark | None:
    """Compare what was returned with the known accuracy."""
    if got["error"] is not None:
        return raised(got["error"])
    returned, right = got["returned"], wanted["returned"]
    # ``same_size`` has seen to the one; the other is the reference's, which returns a number.
    assert returned is not None
    assert right is not None
    assert right["value"] is not None
    count = sum(scene["sizes"])
    about: Facts = {
        "images": count,
        "sizes": sizes_words(scene["sizes"]),
        "right": round(right["value"] * count),
        "drawn": got["drawn"],
        "batches": len(scene["sizes"]),
    }
    blank = check.options["count_blank"]
    remark = wrong_value(returned, right["value"], blank, about, got["left_at"])
    if remark is None or remark.code != "wrong_accuracy" or not 1 < got["begun"] == got["drawn"]:
        return remark
    facts = {**remark.facts, "times": times(got["begun"])}
    return Remark("first_batch_again", facts=facts, of_result=True, at=got["left_at"])


def same_size(value: EvalAccuracyObservation, reference: EvalAccuracyObservation) -> bool:
    """Whether there are as many scenes as the reference's, each with an error or a result."""
    sizes = [(len(seen["scenes"]), len(seen["again"])) for seen in (value, reference)]
    return sizes[0] == sizes[1] and all(
        scene["error"] is not None or scene["returned"] is not None for scene in value["scenes"]
    )


def place(check: Check, blank: int | None) -> str | None:
    """Return the part of an observation that a blank answers for: its input, or its counting."""
    places = {check.options["input_blank"]: "input", check.options["count_blank"]: "count"}
    return places.get(blank)


def deviation(
    observed: EvalAccuracyObservation, reference: EvalAccuracyObservation
) -> float | None:
    """Return the largest difference of the returned numbers."""
    largest = 0.0
    for scene, wanted in zip(observed["scenes"], reference["scenes"], strict=True):
        value = scene["returned"]["value"] if scene["returned"] is not None else None
        right = wanted["returned"]["value"] if wanted["returned"] is not None else None
        if value is None or right is None or not math.isfinite(value):
            return None
        largest = max(largest, abs(value - right))
    return largest
