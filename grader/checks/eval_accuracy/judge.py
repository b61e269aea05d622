"""Compares what the evaluation function returned, and did, with what is known of each scene."""

from __future__ import annotations

from typing import Any

from grader.checks.eval_accuracy.model_inputs import CALL, other_inputs, same_inputs, unseen_images
from grader.checks.eval_accuracy.side_effects import manners, read_again, times
from grader.checks.remark import Remark, apart, number, raised, same_error
from grader.checks.schema import ERROR, NUMBER, Either, ListOf, Maybe
from grader.report import Severity

_VALUE = {"type": str, "value": Maybe(NUMBER)}
_SCENE = {
    "error": Maybe(ERROR),
    "returned": Maybe(_VALUE),
    "calls": ListOf(CALL),
    "called": int,
    "as_batches": bool,
    "drawn": int,
    "batch": int,
    "decoy_model": int,
    "decoy_batches": int,
    "decoy_switched": bool,
    "others": int,
    "steps": int,
    "begun": int,
    "training_after": bool,
    "layers_training_after": bool,
    "switched_off": bool,
    "changed": str,
    "told": str,
}
FORM = {
    "scenes": ListOf(_SCENE),
    "moved": Maybe(bool),
    "again": ListOf(Either(({"error": ERROR}, _VALUE))),
}
# Codes whose blank is the likeliest place, not one that was observed to be wrong by itself.
GUESSED = frozenset({"wrong_accuracy", "stops_early", "wrong_input_shape", "wrong_input_values"})
GENERAL = GUESSED | {"returns_no_number"}

# float32 sums of a few hundred ones and zeros are exact; their mean is good to this much.
EXACT = 1e-6
_IGNORES = ("ignores_model_argument", "evaluates_another_model", "ignores_iterator_argument")
_MOST_SIZES = 8


def judge(
    observed: dict[str, Any], reference: dict[str, Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return remarks on the input blank, the counting, and the function's manners."""
    scenes = list(zip(observed["scenes"], reference["scenes"], challenge["scenes"], strict=True))
    honest = [scene for scene in scenes if not scene[2]["told"]]
    # What was read to its end once, and cannot be read again, shows nothing of a second pass.
    again = [scene for scene in honest if read_again(scene[0], scene[2])]
    honest = [scene for scene in honest if not read_again(scene[0], scene[2])]
    right = all(_value(*scene, check) is None for scene in honest)
    look = unseen_images if right else other_inputs
    inputs = _first(look(*scene, check, challenge) for scene in honest)
    # Where every accuracy is right the counting may have the images in any portions.
    scripted = [scene for scene in scenes if scene[2]["told"] == ("row" if right else "batch")]
    errors = _first(_error(*scene) for scene in honest)
    manner = manners([scene[0] for scene in honest], check.options["input_blank"])
    values = _first(_value(*scene, check) for scene in scripted)
    if any(remark.code in _IGNORES for remark in manner):
        return manner
    # What the model was shown explains an exception that follows from it.
    remarks = [remark for remark in (inputs, errors) if remark is not None][:1]
    remarks += [values] if values is not None else []
    remarks += manner
    if not any(remark.severity is Severity.ERROR for remark in remarks):
        # Nothing seen so far makes a returned value wrong, so a wrong one is a finding.
        whole = _first(_value(*scene, check) for scene in honest)
        remarks += [whole] if whole is not None else []
    if not remarks and again:
        facts = {"times": times(again[0][0]["begun"])}
        remarks.append(Remark("needs_several_passes", Severity.PARTIAL, facts=facts))
    if not remarks:
        remarks += _memory(observed["again"], reference["again"])
    if not remarks and observed["moved"] is False and reference["moved"]:
        # Right on this machine, an error on one where the model lies on a GPU.
        remarks.append(Remark("not_on_device", Severity.WARNING, check.options["input_blank"]))
    return remarks


def _memory(again: list[Any], wanted: list[Any]) -> list[Remark]:
    """Compare several calls in one notebook, where each call alone is right."""
    for call, got, value in zip(("first", "second", "third"), again, wanted, strict=True):
        if "error" in got:
            when = "when it is called" + ("" if call == "first" else f" for the {call} time")
            return [raised(got["error"], when=when, worked=1)]
        if not _same_value(got, value):
            facts = {"call": call, "got": _shown(got), "expected": _shown(value)}
            return [Remark("remembers_earlier_calls", facts=facts, of_result=True)]
    return []


def alike(one: dict[str, Any], other: dict[str, Any], place: str | None = None) -> bool:
    """Whether two observations are the same.

    With a ``place`` only what the model was shown ("input"), or what was counted ("count").
    """
    scenes = [
        (a, b)
        for a, b in zip(one["scenes"], other["scenes"], strict=True)
        if place is None or a["told"] == ("batch" if place == "count" else "")
    ]
    return all(_alike(a, b, place) for a, b in scenes)


def _alike(a: dict[str, Any], b: dict[str, Any], place: str | None) -> bool:
    if place == "input":
        shown = bool(a["calls"] or b["calls"])
        return same_inputs(a, b) if shown else same_error(a["error"], b["error"])
    return (
        same_error(a["error"], b["error"])
        and _same_value(a["returned"], b["returned"])
        and (place is not None or (same_inputs(a, b) and _manner(a) == _manner(b)))
    )


def _shown(returned: dict[str, Any]) -> str:
    """Return what came back as a reader takes it in."""
    return returned["type"] if returned["value"] is None else number(returned["value"])


def _first(remarks: Any) -> Remark | None:
    return next((remark for remark in remarks if remark is not None), None)


def _same_value(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    if a["value"] is None or b["value"] is None:
        return bool(a["type"] == b["type"] and a["value"] is b["value"])
    return bool(abs(a["value"] - b["value"]) <= EXACT * (1 + abs(b["value"])))


def _manner(scene: dict[str, Any]) -> tuple[Any, ...]:
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


def _error(got: dict[str, Any], _wanted: Any, scene: dict[str, Any]) -> Remark | None:
    if got["error"] is None:
        return None
    k, sizes = got["batch"], scene["sizes"]
    facts: dict[str, Any] = {}
    if 0 <= k < len(sizes):
        before = f"; {_batches(sizes[:k])} before it went well" if k else ""
        facts["when"] = f"on batch {k + 1} of {len(sizes)} ({sizes[k]} images{before})"
        facts["worked"] = k
    return raised(got["error"], **facts)


def _batches(sizes: list[int]) -> str:
    """Return how many batches of how many images, in words."""
    count = "one batch" if len(sizes) == 1 else f"{len(sizes)} batches"
    images = str(sizes[0]) if len(set(sizes)) == 1 else f"{min(sizes)} to {max(sizes)}"
    return f"{count} of {images}"


def _value(
    got: dict[str, Any], wanted: dict[str, Any], scene: dict[str, Any], check: Any
) -> Remark | None:
    """Compare what came back with the known accuracy."""
    if got["error"] is not None:
        return raised(got["error"])
    value, expected = got["returned"]["value"], wanted["returned"]["value"]
    facts: dict[str, Any] = {
        "images": sum(scene["sizes"]),
        "sizes": _sizes(scene["sizes"]),
        "right": round(expected * sum(scene["sizes"])),
    }
    blank = check.options["count_blank"]
    if value is None:
        facts |= {"got": got["returned"]["type"], "expected": number(expected)}
        return Remark("returns_no_number", facts=facts, of_result=True)
    facts["got"], facts["expected"] = apart(value, expected)
    if abs(value - expected) <= EXACT:
        return None
    facts |= {"drawn": got["drawn"], "batches": len(scene["sizes"])}
    code = "stops_early" if 0 < got["drawn"] < len(scene["sizes"]) else "wrong_accuracy"
    return Remark(code, blank=blank, facts=facts, of_result=True)


def _sizes(sizes: list[int]) -> str:
    """Return the sizes of batches as they are said in brackets: all, or the first of many."""
    said = ", ".join(str(size) for size in sizes[:_MOST_SIZES])
    more = len(sizes) - _MOST_SIZES
    return f"{said} and {more} more" if more > 0 else said


def same_size(value: Any, reference: Any) -> bool:
    """Whether there are as many scenes as the reference's, and each has an end."""
    sizes = [(len(seen["scenes"]), len(seen["again"])) for seen in (value, reference)]
    return sizes[0] == sizes[1] and all(
        scene["error"] is not None or scene["returned"] is not None for scene in value["scenes"]
    )


def place(check: Any, blank: int | None) -> str | None:
    """Return which share of the function a blank answers for: its input, or its counting."""
    places = {check.options["input_blank"]: "input", check.options["count_blank"]: "count"}
    return places.get(blank)
