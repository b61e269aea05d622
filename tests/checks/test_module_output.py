"""What a module returns is compared as it is: any arguments, any form, in both modes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.modules import net, remarks

DIMS = {
    "dims": {"d": 4, "c": 6},
    "drawn": {"d": [2, 5], "c": [6, 9]},
    "sizes": {"n": [1, 4], "t": [5, 9]},
}
IMAGE = [{"name": "x", "shape": ["n", "d", "t", 8]}]
ROWS = [{"name": "x", "shape": ["n", "d"]}]
TOKENS = [{"name": "x", "shape": ["n", "t"], "labels": "c"}]
MASKED = [
    {"name": "x", "shape": ["n", "t", "d"]},
    {"name": "mask", "shape": ["n", "t"], "mask": "start", "keyword": True},
]
# By name: the arguments, what __init__ makes, the arguments' names, forward, right forwards, and
# wrong ones with the code that each gets.
MODULES: dict[str, tuple[list[dict[str, Any]], str, str, str, list[str], dict[str, str]]] = {
    "images": (
        IMAGE,
        "self.conv = nn.Conv2d(d, c, 3, padding=1); self.norm = nn.BatchNorm2d(c)",
        "x",
        "return F.relu(self.norm(self.conv(x))).mean((2, 3))",
        ["return torch.clamp(self.norm(self.conv(x)), min=0).flatten(2).mean(-1)"],
        {
            "return self.norm(self.conv(x)).mean((2, 3))": "other_output",
            "return F.relu(self.norm(self.conv(x)))": "output_of_other_shape",
            "return F.relu(self.norm(self.norm(self.conv(x)))).mean((2, 3))": "other_output",
            "return F.relu(self.conv(x)).mean((2, 3))": "other_output",
            "self.norm.eval(); return F.relu(self.norm(self.conv(x))).mean((2, 3))": (
                "differs_in_train_mode"
            ),
            "if self.training: self.norm(self.conv(x)); "
            "return F.relu(self.norm(self.conv(x))).mean((2, 3))": "statistics_differ",
            "return F.relu(self.norm(self.conv(x.detach()))).mean((2, 3)).data": (
                "gradient_does_not_reach"
            ),
            "return F.relu(self.norm(self.conv(x))).mean((2, 3)).softmax(1)": "softmax_applied",
            "return F.relu(self.norm(self.conv(x.view(-1, 4, x.size(2), 8)))).mean((2, 3))": (
                "sizes_in_forward"
            ),
            "return F.relu(self.norm(self.conv(x))).mean((0, 2, 3)).expand(len(x), -1)": (
                "rows_are_mixed"
            ),
            "return F.relu(self.norm(self.conv(x.zero_()))).mean((2, 3))": "other_output",
            "return undefined": "raises",
        },
    ),
    "scores": (
        ROWS,
        "self.out = nn.Linear(d, c)",
        "x",
        "return self.out(x)",
        ["y = x.clone(); return x @ self.out.weight.T + self.out.bias"],
        {
            "return F.log_softmax(self.out(x), dim=-1)": "softmax_applied",
            "return torch.sigmoid(self.out(x))": "softmax_applied",
            "return F.dropout(self.out(x), 0.5)": "output_by_chance",
            "return F.dropout(self.out(x), 0.5, self.training)": "chance_in_training",
            "return self.out(x).argmax(1)": "output_of_other_shape",
            "return self.out(x).long()": "output_of_other_dtype",
            "return self.out(x) / 0": "output_has_nan",
            "return self.out(x), None": "output_of_other_form",
            "return None": "output_of_other_form",
            "y = self.out(x); x.zero_(); return y": "forward_changes_its_input",
            "y = self.out(x); self.out.bias.data += 1; return y": "output_by_chance",
        },
    ),
    "token ids and a state": (
        TOKENS,
        "self.emb = nn.Embedding(c, d); self.rnn = nn.LSTM(d, c, batch_first=True)",
        "x, state=None",
        "y, state = self.rnn(self.emb(x), state); return y, {'state': state}",
        ["out = self.rnn(self.emb(x), state); return [out[0], dict(state=list(out[1]))]"],
        {
            "y, state = self.rnn(self.emb(x), state); return y": "output_of_other_form",
            "y, state = self.rnn(self.emb(x)); return y, {'state': state[::-1]}": "other_output",
            "y, state = self.rnn(self.emb(x).transpose(0, 1)); "
            "return y.transpose(0, 1), {'state': state}": "output_of_other_shape",
        },
    ),
    "sequences with a mask": (
        MASKED,
        "self.key = nn.Linear(d, 1)",
        "x, *, mask",
        (
            "a = self.key(x).squeeze(2).masked_fill(~mask, -math.inf).softmax(1); "
            "return (a.unsqueeze(2) * x).sum(1)"
        ),
        [
            (
                "a = torch.where(mask, self.key(x)[..., 0], -1e9).softmax(-1); "
                "return torch.einsum('nt,ntd->nd', a, x)"
            )
        ],
        {
            "a = self.key(x).squeeze(2).softmax(1); return (a.unsqueeze(2) * x).sum(1)": (
                "other_output"
            ),
            "a = self.key(x).squeeze(2).masked_fill(mask, -math.inf).softmax(1); "
            "return (a.unsqueeze(2) * x).sum(1)": "",
        },
    ),
    "dropout": (
        ROWS,
        "self.out = nn.Linear(d, 40); self.drop = nn.Dropout(0.5)",
        "x",
        "return self.drop(self.out(x))",
        ["return F.dropout(self.out(x), 0.5, self.training)"],
        {
            "return self.out(x)": "no_chance_in_training",
            "return F.dropout(self.out(x), 0.5)": "output_by_chance",
        },
    ),
}
RIGHT = [(name, way) for name, row in MODULES.items() for way in row[4]]
WRONG = [(name, way, code) for name, row in MODULES.items() for way, code in row[5].items()]


def codes(name: str, forward: str, seed: int) -> list[str]:
    arguments, made, takes, reference, *_ = MODULES[name]
    options = {**DIMS, "arguments": arguments, "batch": "n"}
    texts = [net(made, one, takes=takes) for one in (reference, forward)]
    return [r.code for r in remarks("module_output", *texts, options, seed)]


@pytest.mark.parametrize(("name", "way"), RIGHT, ids=lambda one: one[:40])
def test_right_outputs(name: str, way: str) -> None:
    assert codes(name, way, len(way)) == []


@pytest.mark.parametrize(("name", "way", "code"), WRONG, ids=lambda one: one[:40])
def test_wrong_outputs(name: str, way: str, code: str) -> None:
    found = codes(name, way, len(way))
    assert found == [code] if code else found


def test_layers_in_another_order_and_more_of_them_make_no_difference() -> None:
    """The same numbers are loaded by name, then by shape: whatever else a class makes."""
    options = {**DIMS, "arguments": ROWS, "layers": ("one", "two")}
    forward = "return self.two(self.one(x))"
    wanted = net("self.one = nn.Linear(d, d); self.two = nn.Linear(d, d)", forward)
    made = net(
        "self.two = nn.Linear(d, d); self.one = nn.Linear(d, d); self.more = nn.ReLU()", forward
    )
    assert remarks("module_output", wanted, made, options, 1) == []


def test_layers_of_other_shapes_do_not_fit() -> None:
    options = {**DIMS, "arguments": ROWS, "layers": ("one",)}
    texts = [net(f"self.one = nn.Linear(d, {n})", "return self.one(x)") for n in ("c", "d")]
    (remark,) = remarks("module_output", *texts, options, 1)
    assert (remark.code, remark.facts["layer"]) == ("layers_do_not_fit", "one")
