"""The check ``layer_shapes``: the layers that a class builds, and the reference's, dims by dims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, final

from grader.assignment.entries import unknown
from grader.checks.kind import Kind
from grader.checks.remark import Facts, Remark, error_of, raised, same_error
from grader.checks.schema import Failed, RaisedError
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.decode import DecodingError

_DRAWS = 2


class SizedLayer(TypedDict):
    """A layer, the blank that makes it, and the dims of its inputs and outputs."""

    name: str
    blank: int
    inputs: str
    outputs: str


class LayerShapesOptions(TypedDict):
    """The dims of the class with their defaults, the ranges they are drawn from, and the layers."""

    dims: dict[str, int]
    drawn: dict[str, tuple[int, int]]
    layers: tuple[SizedLayer, ...]


class LayerShapesChallenge(TypedDict):
    """The dims of each build by name, first none (the class's defaults); the layers' names."""

    dims: list[dict[str, int]]
    layers: list[str]


class BuiltLayer(TypedDict):
    """A layer's type and the shapes of its parameters, ``None`` where there is none."""

    type: str
    linear: bool
    weight: list[int] | None
    bias: list[int] | None
    trainable: bool


@final
class Built(TypedDict):
    """The layers of one object of the class, ``None`` for those that it lacks."""

    layers: dict[str, BuiltLayer | None]


class LayerShapesObservation(TypedDict):
    """A build for each of the dims; ``shared`` names layers that two objects have in common."""

    error: RaisedError | None
    builds: list[Failed | Built]
    shared: list[str]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> LayerShapesChallenge:
    """Draw dims that no class can have hard-coded, to follow the class's defaults."""
    dims: list[dict[str, int]] = [{}]
    for _ in range(_DRAWS):
        # The ranges do not overlap, so that no two dims can be mistaken for each other.
        drawn = check.options["drawn"].items()
        dims.append(
            {name: int(rng.integers(low, high, endpoint=True)) for name, (low, high) in drawn}
        )
    return {"dims": dims, "layers": [layer["name"] for layer in check.options["layers"]]}


def judge(
    observed: LayerShapesObservation,
    reference: LayerShapesObservation,
    check: Check,
    challenge: LayerShapesChallenge,
) -> list[Remark]:
    """Return a remark for every layer that is not the reference's at every one of the dims."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    failed = [
        (dims, build["error"])
        for dims, build in zip(challenge["dims"], observed["builds"], strict=True)
        if "error" in build
    ]
    if "error" in observed["builds"][0]:
        return [raised(observed["builds"][0]["error"], when="when the class is built")]
    pairs = [
        (built["layers"], right["layers"])
        for built, right in zip(observed["builds"], reference["builds"], strict=True)
        if "layers" in built and "layers" in right
    ]
    remarks = []
    for layer in check.options["layers"]:
        got = [layers[layer["name"]] for layers, _ in pairs]
        wanted = [layers[layer["name"]] for _, layers in pairs]
        shared = layer["name"] in observed["shared"]
        remark = _layer(layer, got, wanted, challenge["dims"], shared)
        if remark is not None:
            remarks.append(remark)
    if failed and not remarks:
        dims, error = failed[0]
        sizes = ", ".join(f"{name}={size}" for name, size in dims.items())
        remarks.append(raised(error, when=f"when the class is built with {sizes}"))
    return remarks


def alike(one: LayerShapesObservation, other: LayerShapesObservation, layer: str | None) -> bool:
    """Whether two observations show the same layer (or, without a name, the same error)."""
    if one["error"] is not None or other["error"] is not None:
        return same_error(one["error"], other["error"])
    for a, b in zip(one["builds"], other["builds"], strict=True):
        if "error" in a or "error" in b:
            if not same_error(error_of(a), error_of(b)):
                return False
        elif layer is None or a["layers"][layer] != b["layers"][layer]:
            return False
    return True


def _layer(
    layer: Mapping[str, Any],
    built: Sequence[BuiltLayer | None],
    wanted: Sequence[BuiltLayer | None],
    dims: Sequence[Mapping[str, int]],
    shared: bool,
) -> Remark | None:
    """Return what is wrong with a layer in its builds."""
    name, blank = layer["name"], layer["blank"]
    facts: Facts = {"layer": name}
    got = [entry for entry in built if entry is not None]
    if len(got) < len(built):
        return Remark("layer_missing", blank=blank, facts=facts)
    if not got[0]["linear"] or any(len(entry["weight"] or ()) != 2 for entry in got):
        types = {"got": got[0]["type"], "expected": "Linear"}
        return Remark("wrong_layer_type", blank=blank, facts={**facts, **types})
    if not got[0]["trainable"]:
        return Remark("not_trainable", blank=blank, facts=facts)
    if shared:
        return Remark("shared_layer", Severity.PARTIAL, blank, facts)
    right = [entry for entry in wanted if entry is not None]
    weights = [(g["weight"] or [], w["weight"] or []) for g, w in zip(got, right, strict=True)]
    wrong = [k for k, (weight, expected) in enumerate(weights) if weight != expected]
    if not wrong:
        if got[0]["bias"] != right[0]["bias"]:
            return Remark("no_bias", blank=blank, facts=facts)
        return None
    k = wrong[0]
    weight, expected = weights[k]
    facts = {
        **facts,
        "inputs": weight[1],
        "outputs": weight[0],
        "want_inputs": expected[1],
        "want_outputs": expected[0],
        "dims": ", ".join(f"{n}={size}" for n, size in dims[k].items()) or "the class's defaults",
    }
    if k > 0:
        return Remark("hard_coded_dims", Severity.PARTIAL, blank, facts)
    if all(weights[i][0] == weights[i][1][::-1] for i in wrong):
        return Remark("swapped_dims", blank=blank, facts=facts)
    return Remark("wrong_shape", blank=blank, facts=facts)


def same_size(value: LayerShapesObservation, reference: LayerShapesObservation) -> bool:
    """Whether an observation has as many builds as the reference's, and its layers."""
    names = {name for build in reference["builds"] if "layers" in build for name in build["layers"]}
    return value["error"] is not None or (
        len(value["builds"]) == len(reference["builds"])
        and all(set(build["layers"]) == names for build in value["builds"] if "layers" in build)
    )


def place(check: Check, blank: int | None) -> str | None:
    """Return the name of the layer that a blank makes."""
    return next(
        (layer["name"] for layer in check.options["layers"] if layer["blank"] == blank), None
    )


def contradictions(options: LayerShapesOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each name that is no dim."""
    dims = options["dims"]
    for name in options["drawn"]:
        if name not in dims:
            yield unknown("dim", name, dims, ("drawn",))
    for place, layer in enumerate(options["layers"]):
        for key, name in (("inputs", layer["inputs"]), ("outputs", layer["outputs"])):
            if name not in dims:
                yield unknown("dim", name, dims, ("layers", place, key))


KIND = Kind(
    draw=draw,
    judge=judge,
    form=LayerShapesObservation,
    options=LayerShapesOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    place=place,
    general=frozenset({"wrong_layer_type", "wrong_shape"}),
    provided=frozenset({"device"}),
)
