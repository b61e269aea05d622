"""Layers are compared at sizes that prove where they come from."""

from __future__ import annotations

from typing import Any

import pytest

from grader.assignment import load_assignment
from grader.checks import generator
from grader.checks.layer_shapes import draw, judge

MLP = load_assignment("mlp")
CHECK = next(check for check in MLP.checks if check.id == "layer_shapes")
USUAL = CHECK.options["dims"]
SEEDS = range(40)


def challenge(seed: int) -> Any:
    return draw(generator(seed, CHECK.id), CHECK, MLP)


def layer(inputs: int, outputs: int) -> dict[str, Any]:
    shapes = {"weight": [outputs, inputs], "bias": [outputs]}
    return {"type": "Linear", "linear": True, "trainable": True, **shapes}


def seen(seed: int, sizes: Any = lambda dims: dims) -> Any:
    """What a worker sends of a class that makes its layers of ``sizes`` of what it is given."""
    builds = []
    for dims in challenge(seed)["dims"]:
        own = {**dims, **sizes(dims)}
        layers = {
            "lin_1": layer(own["xdim"], own["hdim"]),
            "lin_2": layer(own["hdim"], own["ydim"]),
        }
        builds.append({"dims": dims, "layers": layers, "sizes": dims})
    return {"error": None, "builds": builds, "beyond": [], "shared": []}


def codes(seed: int, observed: Any) -> set[tuple[str, int | None, str]]:
    found = judge(observed, seen(seed), CHECK, challenge(seed))
    return {(r.code, r.blank, r.severity.value) for r in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_size_is_the_notebooks_own_and_each_is_once_large_and_once_small(seed: int) -> None:
    first, *others = challenge(seed)["dims"]
    assert first == USUAL
    for name, size in USUAL.items():
        drawn = [dims[name] for dims in others]
        assert size not in drawn
        assert max(drawn) > 1024
        assert min(drawn) <= 3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        (lambda _: {}, set()),
        (lambda _: {"ydim": 10}, {("hard_coded_dims", 2, "partial")}),
        (lambda _: {"xdim": 784}, {("hard_coded_dims", 1, "partial")}),
        (lambda d: {"ydim": min(d["ydim"], 20)}, {("bounded_dims", 2, "error")}),
        (lambda d: {"xdim": max(d["xdim"], 5)}, {("bounded_dims", 1, "error")}),
        (lambda d: {"ydim": min(d["ydim"], 1024)}, {("bounded_dims", 2, "error")}),
    ],
)
def test_where_the_sizes_come_from_is_seen_under_every_seed(
    seed: int, sizes: Any, found: Any
) -> None:
    assert codes(seed, seen(seed, sizes)) == found


def test_a_bound_above_all_drawn_sizes_is_seen_beyond() -> None:
    dims = {"xdim": 2, "hdim": 5001, "ydim": 2}
    layers = {"lin_1": layer(2, 5000), "lin_2": layer(5000, 2)}
    observed = {**seen(0), "beyond": [{"dims": dims, "layers": layers, "sizes": dims}]}
    assert codes(0, observed) == {("bounded_dims", 1, "error"), ("bounded_dims", 2, "error")}


def test_a_size_that_init_overwrites_is_not_the_blanks() -> None:
    observed = seen(0, lambda _: {"hdim": 256})
    for build, dims in zip(observed["builds"], challenge(0)["dims"], strict=True):
        build["sizes"] = {**dims, "hdim": 256}
    found = judge(observed, seen(0), CHECK, challenge(0))
    assert {(r.code, r.set_at) for r in found} == {("size_overwritten", "hdim")}


def test_a_layer_that_is_a_tuple_when_init_stops() -> None:
    error = {"type": "AttributeError", "message": "'tuple' object has no attribute 'weight'"}
    stopped = {"dims": USUAL, "error": {**error, "frames": []}, "tuples": ["lin_2"]}
    observed = {**seen(0), "builds": [stopped] * len(challenge(0)["dims"])}
    (remark,) = judge(observed, seen(0), CHECK, challenge(0))
    assert (remark.code, remark.blank, remark.set_at) == ("layer_is_tuple", 2, "lin_2")
