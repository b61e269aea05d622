"""What is wrong with the layers of a class, given the reference's at the same dims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.checks.module_dims import named
from grader.checks.module_observation import random, same_behaviour
from grader.checks.remark import Facts, Remark, raised, shape_words, together
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.module_parameters.forms import (
        ModuleParametersChallenge,
        ModuleParametersObservation,
        SeenLayer,
        UnbuiltLayers,
    )

# What a layer is told first: how much comes in, and how much goes out.
_PAIRS = (
    ("in_channels", "out_channels"),
    ("in_features", "out_features"),
    ("num_embeddings", "embedding_dim"),
    ("input_size", "hidden_size"),
)
_SIZES = {name for pair in _PAIRS for name in pair} | {
    *("num_features", "normalized_shape", "embed_dim", "kdim", "vdim", "head_dim"),
    *("num_channels", "in1_features", "in2_features"),
}
# Too small a difference to show in a few calls, or one that only chance shows.
_EXACT = ("eps", "momentum", "p", "dropout")
GENERAL = frozenset({"other_layer_type", "wrong_sizes", "wrong_setting", "layer_behaves_otherwise"})


@dataclass(frozen=True)
class _Case:
    """One layer as it was built at some dims, and the reference's."""

    dims: Mapping[str, int]
    got: SeenLayer
    wanted: SeenLayer

    @property
    def shapes_fit(self) -> bool:
        return sorted(self.got["shapes"]) == sorted(self.wanted["shapes"])

    @property
    def other_settings(self) -> list[str]:
        """The settings of a layer of the same class that differ, sizes last."""
        if self.got["family"] != self.wanted["family"]:
            return []
        settings = self.wanted["settings"]
        differ = [
            name for name, value in settings.items() if self.got["settings"].get(name) != value
        ]
        return sorted(differ, key=lambda name: name in _SIZES)

    @property
    def right(self) -> bool:
        if not self.shapes_fit:
            return False
        does, has_to = self.got["behaviour"], self.wanted["behaviour"]
        if has_to is None:
            return self.got["family"] == self.wanted["family"] and not self.other_settings
        if does is None or not same_behaviour(does, has_to):
            return False
        return not any(name in _EXACT for name in self.other_settings)


def judge(
    observed: ModuleParametersObservation,
    reference: ModuleParametersObservation,
    check: Check,
    challenge: ModuleParametersChallenge,
) -> list[Remark]:
    """Return a remark for every layer that is not the reference's at every one of the dims."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    builds = observed["builds"]
    if "error" in builds[0]:
        return _unbuilt(builds[0], check)
    remarks = []
    for layer in check.options["layers"]:
        name = layer["name"]
        pairs = [
            (dims, got["layers"][name], wanted["layers"][name])
            for dims, got, wanted in zip(
                challenge["dims"], builds, reference["builds"], strict=True
            )
            if "layers" in got and "layers" in wanted
        ]
        remark = _layer(layer, pairs, shared=name in observed["shared"])
        if remark is not None:
            remarks.append(remark)
    pairs_failed = [(d, b) for d, b in zip(challenge["dims"], builds, strict=True) if "error" in b]
    for dims, build in pairs_failed[:1]:
        if not remarks:
            when = f"when the class is built with {named(dims)}"
            remarks.append(raised(build["error"], when=when))
    return remarks


def _unbuilt(build: UnbuiltLayers, check: Check) -> list[Remark]:
    """Return what keeps the class from being built: layers that are tuples, or an exception."""
    stopped = raised(build["error"], when="when the class is built")
    found = [layer for layer in check.options["layers"] if layer["name"] in build["tuples"]]
    if found and "'tuple'" in build["error"]["message"]:
        return [_tuple(found[0], stopped)]
    return [stopped]


def _tuple(layer: Mapping[str, Any], stopped: Remark | None = None) -> Remark:
    return Remark(
        "layer_is_tuple",
        blank=layer["blank"],
        facts={**(stopped.facts if stopped else {}), "layer": layer["name"]},
        error=stopped.error if stopped else None,
        set_at=layer["name"],
    )


def _layer(
    layer: Mapping[str, Any],
    pairs: Sequence[tuple[Mapping[str, int], SeenLayer | None, SeenLayer | None]],
    *,
    shared: bool,
) -> Remark | None:
    blank = layer["blank"]
    facts: Facts = {"layer": layer["name"]}
    cases = []
    for dims, got, wanted in pairs:
        if got is None:
            return Remark("layer_missing", blank=blank, facts=facts)
        if wanted is not None:
            cases.append(_Case(dims, got, wanted))
    first = cases[0]
    if first.got["type"] == "tuple":
        return _tuple(layer)
    if first.wanted["trainable"] and not first.got["trainable"]:
        return Remark("layer_not_trainable", blank=blank, facts=facts)
    wrong = [case for case in cases if not case.right]
    if not wrong:
        return Remark("shared_layer", Severity.PARTIAL, blank, facts) if shared else None
    case = wrong[0]
    facts = {**facts, "dims": named(case.dims), "type": first.got["type"], "what": _what(case)}
    if first.right:
        if any(other.right for other in cases[1:]):
            return Remark("sizes_bounded", blank=blank, facts=facts)
        return Remark("sizes_fixed", Severity.PARTIAL, blank, facts)
    return _wrong(case, wrong, blank, facts)


def _wrong(case: _Case, wrong: Sequence[_Case], blank: int, facts: Facts) -> Remark:
    """Return what is wrong with a layer at the solved notebook's own sizes."""
    got, wanted = case.got, case.wanted
    if got["family"] != wanted["family"] and (
        got["family"] or not got["shapes"] or case.shapes_fit
    ):
        if got["family"] or got["behaviour"] is None:
            return Remark("other_layer_type", blank=blank, facts={**facts, "got": got["type"]})
        return Remark("layer_behaves_otherwise", blank=blank, facts=facts)
    if any(all(_swapped(one, pair) for one in wrong) for pair in _PAIRS):
        return Remark("sizes_swapped", blank=blank, facts=facts)
    differ = case.other_settings
    if "bias" in differ and wanted["settings"]["bias"] == "True":
        return Remark("bias_missing", blank=blank, facts=facts)
    own = [name for name in differ if name not in _SIZES]
    if own:
        setting = {"setting": own[0], "got": got["settings"].get(own[0], "none")}
        return Remark("wrong_setting", blank=blank, facts={**facts, **setting})
    if not case.shapes_fit:
        return Remark("wrong_sizes", blank=blank, facts=facts)
    return Remark("layer_behaves_otherwise", blank=blank, facts=facts)


def _swapped(case: _Case, pair: tuple[str, str]) -> bool:
    """Whether two sizes of a layer have each other's values."""
    one, other = pair
    got, wanted = case.got["settings"], case.wanted["settings"]
    return (
        case.got["family"] == case.wanted["family"]
        and one in wanted
        and wanted[one] != wanted[other]
        and (got.get(one), got.get(other)) == (wanted[other], wanted[one])
    )


def _what(case: _Case) -> str:
    """Return how a layer differs, in words: by the shape of a parameter, or by what it does."""
    got, wanted = case.got, case.wanted
    if case.shapes_fit:
        return "it gives other numbers than it has to"
    known = dict(zip(got["names"], got["shapes"], strict=False))
    for name, shape in zip(wanted["names"], wanted["shapes"], strict=False):
        if name in known and known[name] != shape:
            return (
                f"its {name} has the shape {shape_words(known[name])}, "
                f"where {shape_words(shape)} is asked for"
            )
    shapes = together([shape_words(shape) for shape in got["shapes"]]) or "none"
    return (
        f"the shapes of its parameters are {shapes}, "
        f"where {together([shape_words(shape) for shape in wanted['shapes']]) or 'none'} "
        "are asked for"
    )


def same_layer(one: SeenLayer | None, other: SeenLayer | None) -> bool:
    """Whether two observations of a layer show the same one."""
    if one is None or other is None:
        return one is other
    keys = ("type", "family", "shapes", "trainable", "settings")
    if any(one[key] != other[key] for key in keys):  # type: ignore[literal-required]
        return False
    does, did = one["behaviour"], other["behaviour"]
    if does is None or did is None:
        return does is did
    return random(does) or same_behaviour(does, did)
