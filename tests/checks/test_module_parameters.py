"""Layers of every kind are right if they do what the reference's do, at every size."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.modules import net, remarks

DIMS = {
    "dims": {"d": 4, "c": 6},
    "drawn": {"d": [2, 5], "c": [6, 9]},
    "sizes": {"n": [2, 4], "t": [5, 9]},
}
IMAGES: dict[str, Any] = {"inputs": [{"shape": ["n", "d", "t", 7]}]}
ROWS: dict[str, Any] = {"inputs": [{"shape": ["n", "t", "d"]}]}
TOKENS: dict[str, Any] = {"inputs": [{"shape": ["n", "t"], "labels": "c"}]}
# By kind of layer: what it is tried on, the reference's way to make it, right ways, and wrong ways
# with the code that each gets.
LAYERS: dict[str, tuple[dict[str, Any], str, list[str], dict[str, str]]] = {
    "Conv2d": (
        IMAGES,
        "nn.Conv2d(d, c, 3, padding=1)",
        [
            "nn.Conv2d(self.d, self.c, (3, 3), (1, 1), 'same')",
            "nn.LazyConv2d(c, 3, padding=1)",
            "nn.Sequential(nn.ZeroPad2d(1), nn.Conv2d(d, c, 3))",
        ],
        {
            "nn.Conv2d(4, 6, 3, padding=1)": "sizes_fixed",
            "nn.Conv2d(d, 6, 3, padding=1)": "sizes_fixed",
            "nn.Conv2d(c, d, 3, padding=1)": "sizes_swapped",
            "nn.Conv2d(d, c, 3)": "wrong_setting",
            "nn.Conv2d(d, c, 5, padding=2)": "wrong_setting",
            "nn.Conv2d(d, c, 3, padding=1, dilation=2)": "wrong_setting",
            "nn.Conv2d(d, c, 3, padding=1, padding_mode='reflect')": "wrong_setting",
            "nn.Conv2d(d, c, 3, padding=1, bias=False)": "bias_missing",
            "nn.Conv2d(d + 1, c, 3, padding=1)": "wrong_sizes",
            "nn.ConvTranspose2d(d, c, 3, padding=1)": "other_layer_type",
            "nn.Linear(d, c)": "other_layer_type",
            "(nn.Conv2d(d, c, 3, padding=1),)": "layer_is_tuple",
            "None": "layer_missing",
        },
    ),
    "BatchNorm": (
        IMAGES,
        "nn.BatchNorm2d(d)",
        ["nn.BatchNorm2d(d, 1e-5, 0.1)", "nn.LazyBatchNorm2d()"],
        {
            "nn.BatchNorm2d(4)": "sizes_fixed",
            "nn.BatchNorm2d(c)": "wrong_sizes",
            "nn.BatchNorm2d(d, momentum=0.5)": "wrong_setting",
            "nn.BatchNorm2d(d, eps=1e-3)": "wrong_setting",
            "nn.BatchNorm2d(d, track_running_stats=False)": "wrong_setting",
            "nn.InstanceNorm2d(d, affine=True)": "other_layer_type",
            "nn.BatchNorm2d(d).requires_grad_(False)": "layer_not_trainable",
        },
    ),
    "LayerNorm": (
        ROWS,
        "nn.LayerNorm(d)",
        ["nn.LayerNorm((d,))", "nn.LayerNorm([self.d], 1e-5)"],
        {"nn.LayerNorm(4)": "sizes_fixed", "nn.LayerNorm(d, bias=False)": "bias_missing"},
    ),
    "Embedding": (
        TOKENS,
        "nn.Embedding(c, d)",
        ["nn.Embedding(num_embeddings=c, embedding_dim=d)"],
        {
            "nn.Embedding(d, c)": "sizes_swapped",
            "nn.Embedding(c, d, padding_idx=0)": "",
            "nn.Embedding(c + 1, d)": "wrong_sizes",
        },
    ),
    "LSTM": (
        ROWS,
        "nn.LSTM(d, c, batch_first=True)",
        ["nn.LSTM(input_size=d, hidden_size=c, batch_first=True, num_layers=1)"],
        {
            "nn.LSTM(d, c)": "wrong_setting",
            "nn.LSTM(c, d, batch_first=True)": "sizes_swapped",
            "nn.LSTM(d, c, num_layers=2, batch_first=True)": "wrong_setting",
            "nn.LSTM(d, c, bidirectional=True, batch_first=True)": "wrong_setting",
            "nn.GRU(d, c, batch_first=True)": "other_layer_type",
        },
    ),
    "MultiheadAttention": (
        {"inputs": [{"shape": ["n", "t", "3*d"]}] * 3},
        "nn.MultiheadAttention(3 * d, 3, batch_first=True)",
        ["nn.MultiheadAttention(num_heads=3, embed_dim=d * 3, batch_first=True)"],
        {
            "nn.MultiheadAttention(3 * d, 1, batch_first=True)": "wrong_setting",
            "nn.MultiheadAttention(3 * d, 3)": "wrong_setting",
            "nn.MultiheadAttention(12, 3, batch_first=True)": "sizes_fixed",
        },
    ),
    "Dropout": (
        {"inputs": [{"shape": [40, 50]}]},
        "nn.Dropout(0.5)",
        ["nn.Dropout()", "nn.Dropout(p=0.5, inplace=False)"],
        {"nn.Dropout(0.2)": "wrong_setting", "nn.Identity()": "other_layer_type"},
    ),
    "MaxPool2d without inputs": (
        {},
        "nn.MaxPool2d(2)",
        ["nn.MaxPool2d((2, 2))", "nn.MaxPool2d(2, stride=2)"],
        {"nn.MaxPool2d(3)": "wrong_setting", "nn.AvgPool2d(2)": "other_layer_type"},
    ),
}
RIGHT = [(name, way) for name, (_, _, ways, _) in LAYERS.items() for way in ways]
WRONG = [(name, way, code) for name, row in LAYERS.items() for way, code in row[3].items()]


def codes(name: str, made: str, seed: int, where: str = "layer") -> list[str]:
    inputs, reference, *_ = LAYERS[name]
    options = {**DIMS, "layers": [{"name": where, "blank": 1, **inputs}]}
    wrap = {"layer": "self.layer = {}", "blocks.1": "self.blocks = nn.Sequential(nn.ReLU(), {})"}
    texts = [net(wrap[where].format(made_so)) for made_so in (reference, made)]
    return [r.code for r in remarks("module_parameters", *texts, options, seed)]


@pytest.mark.parametrize(("name", "way"), RIGHT, ids=lambda one: one[:40])
def test_right_layers(name: str, way: str) -> None:
    assert codes(name, way, len(way)) == []


@pytest.mark.parametrize(("name", "way", "code"), WRONG, ids=lambda one: one[:40])
def test_wrong_layers(name: str, way: str, code: str) -> None:
    assert codes(name, way, len(way)) == ([code] if code else [])


@pytest.mark.parametrize("name", ["Conv2d", "LSTM"])
def test_nested_layers(name: str) -> None:
    _, reference, _, wrong = LAYERS[name]
    assert codes(name, reference, 1, "blocks.1") == []
    made, code = next(iter(wrong.items()))
    assert codes(name, made, 1, "blocks.1") == [code]


OWN = {"nn.Hardtanh(0, 1e9)": [], "nn.Tanh()": ["layer_behaves_otherwise"]}


@pytest.mark.parametrize(("last", "found"), OWN.items(), ids=OWN)
def test_a_layer_of_several_is_judged_by_what_it_does(last: str, found: list[str]) -> None:
    options = {**DIMS, "layers": [{"name": "layer", "blank": 1, **ROWS}]}
    both = [
        net(f"self.layer = nn.Sequential(nn.Linear(d, c), {one})") for one in ("nn.ReLU()", last)
    ]
    assert [r.code for r in remarks("module_parameters", *both, options, 1)] == found


def test_a_layer_that_two_objects_share_keeps_a_part() -> None:
    options = {**DIMS, "layers": [{"name": "layer", "blank": 1, **ROWS}]}
    init = "d=4, c=6, kept={}"
    shared = "self.layer = kept.setdefault((d, c), nn.Linear(d, c))"
    texts = [net("self.layer = nn.Linear(d, c)"), net(shared, init=init)]
    assert [r.code for r in remarks("module_parameters", *texts, options, 1)] == ["shared_layer"]
