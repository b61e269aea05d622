"""What is wrong with the layers of a class, given the reference's at the same dims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grader.checks.remark import Facts, Remark, raised
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.layer_shapes.forms import (
        Built,
        BuiltLayer,
        LayerShapesChallenge,
        LayerShapesObservation,
        Unbuilt,
    )


@dataclass(frozen=True)
class _Case:
    """One layer as it was built at some dims, and as it should be: (outputs, inputs)."""

    dims: Mapping[str, int]
    got: BuiltLayer | None
    wanted: list[int]
    sizes: Mapping[str, int]

    @property
    def weight(self) -> list[int]:
        return (self.got["weight"] or []) if self.got is not None else []

    @property
    def right(self) -> bool:
        return self.weight == self.wanted


def judge(
    observed: LayerShapesObservation,
    reference: LayerShapesObservation,
    check: Check,
    challenge: LayerShapesChallenge,
) -> list[Remark]:
    """Return a remark for every layer that is not the reference's at every one of the dims."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    builds = observed["builds"]
    if "error" in builds[0]:
        return _unbuilt(builds[0], check)
    remarks: list[Remark] = []
    meet = _meet(builds, check)
    for layer in check.options["layers"]:
        cases = [
            _case(layer, build, dims)
            for build, dims in zip(builds, challenge["dims"], strict=True)
            if "layers" in build
        ]
        beyond = [_case(layer, b, b["dims"]) for b in observed["beyond"] if "layers" in b]
        bias = _bias(reference["builds"][0], layer["name"])
        shared = layer["name"] in observed["shared"]
        found = _layer(layer, cases, beyond, bias, shared)
        remarks += [_ignored(one, layer, cases) if meet else one for one in found]
    failed = [b for b in (*builds, *observed["beyond"]) if "error" in b]
    if failed and not remarks:
        when = f"when the class is built with {_named(failed[0]['dims'])}"
        remarks.append(raised(failed[0]["error"], when=when))
    return remarks


def _unbuilt(build: Unbuilt, check: Check) -> list[Remark]:
    """Return what keeps the class from being built: layers that are tuples, or an exception."""
    when = "when the class is built"
    found = [layer for layer in check.options["layers"] if layer["name"] in build["tuples"]]
    stops = "'tuple'" in build["error"]["message"]
    return [_tuple(layer, raised(build["error"], when=when)) for layer in found[:1] if stops] or [
        raised(build["error"], when=when)
    ]


def _tuple(layer: Mapping[str, Any], stopped: Remark | None = None) -> Remark:
    """Return the remark on a layer that is a tuple: a comma stands behind its call."""
    return Remark(
        "layer_is_tuple",
        blank=layer["blank"],
        facts={**(stopped.facts if stopped else {}), "layer": layer["name"]},
        error=stopped.error if stopped else None,
        set_at=layer["name"],
    )


def _case(layer: Mapping[str, Any], build: Built, dims: Mapping[str, int]) -> _Case:
    wanted = [dims[layer["outputs"]], dims[layer["inputs"]]]
    return _Case(dims, build["layers"].get(layer["name"]), wanted, build["sizes"])


def _bias(build: Unbuilt | Built, name: str) -> list[int] | None:
    layer = build["layers"][name] if "layers" in build else None
    return layer["bias"] if layer is not None else None


def _layer(
    layer: Mapping[str, Any],
    cases: Sequence[_Case],
    beyond: Sequence[_Case],
    bias: list[int] | None,
    shared: bool,
) -> list[Remark]:
    """Return what is wrong with a layer in its builds; ``bias`` is the reference's in the first."""
    name, blank = layer["name"], layer["blank"]
    facts: Facts = {"layer": name}
    every = [*cases, *beyond]
    first = cases[0].got
    if first is None or any(case.got is None for case in every):
        return [Remark("layer_missing", blank=blank, facts=facts)]
    if first["type"] == "tuple":
        return [_tuple(layer)]
    if not first["linear"] or any(len(case.weight) != 2 for case in every):
        types = {"got": first["type"], "expected": "Linear"}
        return [Remark("wrong_layer_type", blank=blank, facts={**facts, **types})]
    if not first["trainable"]:
        return [Remark("not_trainable", blank=blank, facts=facts)]
    if shared:
        return [Remark("shared_layer", Severity.PARTIAL, blank, facts)]
    wrong = [case for case in every if not case.right]
    if not wrong:
        if first["bias"] != bias:
            return [Remark("no_bias", blank=blank, facts=facts)]
        return []
    case = wrong[0]
    facts = {
        **facts,
        "inputs": case.weight[1],
        "outputs": case.weight[0],
        "want_inputs": case.wanted[1],
        "want_outputs": case.wanted[0],
        "dims": _named(case.dims),
    }
    return _of_size(layer, wrong, cases, facts)


def _of_size(
    layer: Mapping[str, Any], wrong: Sequence[_Case], cases: Sequence[_Case], facts: Facts
) -> list[Remark]:
    """Return what is wrong with the two sizes of a layer, as the ``wrong`` cases show it."""
    right = cases[0].right
    if not right and all(case.weight == case.wanted[::-1] for case in wrong):
        return [Remark("swapped_dims", blank=layer["blank"], facts=facts)]
    severity = Severity.PARTIAL if right else Severity.ERROR
    stored = _overwritten(layer, wrong[0], facts, severity)
    if stored or right:
        return stored or [_at_other_sizes(layer, cases, facts)]
    return [Remark("wrong_shape", blank=layer["blank"], facts=facts)]


def _overwritten(
    layer: Mapping[str, Any], case: _Case, facts: Facts, severity: Severity
) -> list[Remark]:
    """Return each size of a layer that the object keeps, if these are not those it was given."""
    names = (layer["inputs"], layer["outputs"])
    if case.weight != [case.sizes.get(name) for name in reversed(names)]:
        return []
    return [
        Remark(
            "size_overwritten",
            severity,
            layer["blank"],
            {**facts, "name": name, "size": case.sizes[name], "given": case.dims[name]},
            set_at=name,
        )
        for name in names
        if case.sizes[name] != case.dims[name]
    ]


def _meet(builds: Sequence[Unbuilt | Built], check: Check) -> bool:
    """Whether in each build each layer takes as many numbers as the one before it gives."""
    for build in builds:
        layers: Mapping[str, BuiltLayer | None] = build["layers"] if "layers" in build else {}  # noqa: SIM401
        found = [layers.get(layer["name"]) for layer in check.options["layers"]]
        shapes = [(one["weight"] or []) if one is not None else [] for one in found]
        if any(len(shape) != 2 for shape in shapes):
            return False
        if any(one[0] != after[1] for one, after in pairwise(shapes)):
            return False
    return True


def _ignored(remark: Remark, layer: Mapping[str, Any], cases: Sequence[_Case]) -> Remark:
    """Return a remark on a size of layers that meet with what __init__ was given for that size."""
    if remark.code != "wrong_shape":
        return remark
    axes = [
        (axis, layer[name])
        for axis, name in enumerate(("outputs", "inputs"))
        if any(case.weight[axis] != case.wanted[axis] for case in cases)
    ]
    if len(axes) != 1:
        return remark
    (axis, name), *_ = axes
    fixed = len({case.weight[axis] for case in cases}) == 1 < len(cases)
    how = (
        f"what __init__ is given as {name} changes nothing"
        if fixed
        else (f"{name}, as __init__ is given it, is not what it has")
    )
    return replace(remark, code="size_ignored", facts={**remark.facts, "name": name, "how": how})


def _at_other_sizes(layer: Mapping[str, Any], cases: Sequence[_Case], facts: Facts) -> Remark:
    """Return what is wrong with a layer that is right at the solved notebook's sizes."""
    if any(other.right for other in cases[1:]):
        return Remark("bounded_dims", blank=layer["blank"], facts=facts)
    return Remark("hard_coded_dims", Severity.PARTIAL, layer["blank"], facts)


def _named(dims: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={size}" for name, size in dims.items())
