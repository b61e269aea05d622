"""Compares the layers that were built with the reference's, dims by dims."""

from __future__ import annotations

from typing import Any

from grader.checks.remark import Remark, raised, same_error
from grader.checks.schema import ERROR, DictOf, Either, ListOf, Maybe
from grader.report import Severity

_LAYER = {
    "type": str,
    "linear": bool,
    "weight": Maybe(ListOf(int)),
    "bias": Maybe(ListOf(int)),
    "trainable": bool,
}
FORM = {
    "error": Maybe(ERROR),
    "builds": ListOf(Either(({"error": ERROR}, {"layers": DictOf(Maybe(_LAYER))}))),
    "shared": ListOf(str),
}
# Codes that say what differs without saying why: a listed mistake may know better.
GENERAL = frozenset({"wrong_layer_type", "wrong_shape"})


def judge(
    observed: dict[str, Any], reference: dict[str, Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return a remark for every layer that is not the reference's at every one of the dims."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    failed = [
        (dims, build["error"])
        for dims, build in zip(challenge["dims"], observed["builds"], strict=True)
        if "error" in build
    ]
    if failed and "error" in observed["builds"][0]:
        return [raised(observed["builds"][0]["error"], when="when the class is built")]
    remarks = []
    for layer in check.options["layers"]:
        got = [b["layers"][layer["name"]] for b in observed["builds"] if "layers" in b]
        wanted = [
            r["layers"][layer["name"]]
            for r, b in zip(reference["builds"], observed["builds"], strict=True)
            if "layers" in b
        ]
        shared = layer["name"] in observed["shared"]
        remark = _layer(layer, got, wanted, challenge["dims"], shared)
        if remark is not None:
            remarks.append(remark)
    if failed and not remarks:
        dims, error = failed[0]
        sizes = ", ".join(f"{name}={size}" for name, size in dims.items())
        remarks.append(raised(error, when=f"when the class is built with {sizes}"))
    return remarks


def alike(one: dict[str, Any], other: dict[str, Any], layer: str | None) -> bool:
    """Whether two observations show the same layer (or, without a name, the same error)."""
    if (one["error"] is None) != (other["error"] is None):
        return False
    if one["error"] is not None:
        return same_error(one["error"], other["error"])
    for a, b in zip(one["builds"], other["builds"], strict=True):
        if "error" in a or "error" in b:
            if not same_error(a.get("error"), b.get("error")):
                return False
        elif layer is None or a["layers"][layer] != b["layers"][layer]:
            return False
    return True


def _layer(
    layer: dict[str, Any],
    got: list[Any],
    wanted: list[Any],
    dims: list[dict[str, int]],
    shared: bool,
) -> Remark | None:
    name, blank = layer["name"], layer["blank"]
    facts: dict[str, Any] = {"layer": name}
    if any(entry is None for entry in got):
        return Remark("layer_missing", blank=blank, facts=facts)
    if not got[0]["linear"] or any(len(entry["weight"] or ()) != 2 for entry in got):
        facts |= {"got": got[0]["type"], "expected": "Linear"}
        return Remark("wrong_layer_type", blank=blank, facts=facts)
    if not got[0]["trainable"]:
        return Remark("not_trainable", blank=blank, facts=facts)
    if shared:
        return Remark("shared_layer", Severity.PARTIAL, blank, facts)
    wrong = [
        k for k, (g, w) in enumerate(zip(got, wanted, strict=True)) if g["weight"] != w["weight"]
    ]
    if not wrong:
        if got[0]["bias"] != wanted[0]["bias"]:
            return Remark("no_bias", blank=blank, facts=facts)
        return None
    k = wrong[0]
    facts |= {
        "inputs": got[k]["weight"][1],
        "outputs": got[k]["weight"][0],
        "want_inputs": wanted[k]["weight"][1],
        "want_outputs": wanted[k]["weight"][0],
        "dims": ", ".join(f"{n}={size}" for n, size in dims[k].items()) or "the class's defaults",
    }
    if k > 0:
        return Remark("hard_coded_dims", Severity.PARTIAL, blank, facts)
    if all(got[i]["weight"] == wanted[i]["weight"][::-1] for i in wrong):
        return Remark("swapped_dims", blank=blank, facts=facts)
    return Remark("wrong_shape", blank=blank, facts=facts)


def same_size(value: Any, reference: Any) -> bool:
    """Whether an observation has the reference's number of builds and its layers."""
    names = set(reference["builds"][0]["layers"])
    return value["error"] is not None or (
        len(value["builds"]) == len(reference["builds"])
        and all(set(build["layers"]) == names for build in value["builds"] if "layers" in build)
    )


def place(check: Any, blank: int | None) -> str | None:
    """Return the name of the layer that a blank makes."""
    return next(
        (layer["name"] for layer in check.options["layers"] if layer["blank"] == blank), None
    )
