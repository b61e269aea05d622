"""A class is built as its notebook builds it, at the sizes that are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from grader.probes.environment.running import Namespace
from grader.probes.recording.constructing import Builder

USUAL = {"xdim": 784, "hdim": 256, "ydim": 10}
DRAWN = {"xdim": 20, "hdim": 7, "ydim": 3}
# The arguments of __init__, and the notebook's own call.
CALLS = {
    "all have defaults": ("self, xdim=784, hdim=256, ydim=10", "Net()"),
    "another default": ("self, xdim=784, hdim=128, ydim=10", "Net()"),
    "no defaults": ("self, name, xdim, hdim, ydim", "Net('mlp', 784, 256, 10)"),
    "named": ("self, name, xdim, hdim, ydim", "Net(name='mlp', xdim=784, hdim=256, ydim=10)"),
    "some of each": ("self, name, xdim, hdim, ydim=10", "Net('mlp', 784, hdim=256)"),
    "by keyword only": ("self, *, act, xdim=1, hdim=2, ydim=3", "Net(act=len)"),
    "collected": ("self, *rest, xdim=1, hdim=2, ydim=3, **more", "Net(5, 6, extra=7)"),
    "moved": ("self, x, xdim=784, hdim=256, ydim=10", "Net(3).to('cpu').train()"),
}


def builder(init: str, call: str) -> Builder:
    text = (
        f"class Net(torch.nn.Module):\n    def __init__({init}):\n        super().__init__()\n"
        "        self.told = dict(xdim=xdim, hdim=hdim, ydim=ydim)"
    )
    entries = [["import torch", 0, False], [text, 0, True], [f"M = {call}", 0, False]]
    roles = {"model": ["M"]}
    program: dict[str, Any] = {"entries": entries, "name": "Net", "roles": roles, "reads": []}
    return Builder(Namespace(program, 0, {}), USUAL)


@pytest.mark.parametrize(("init", "call"), CALLS.values(), ids=CALLS)
def test_dims_take_the_place_of_the_notebooks(init: str, call: str) -> None:
    found = builder(init, call)
    assert found.build(USUAL).told == USUAL
    assert found.build(DRAWN).told == DRAWN


def test_arguments_of_other_names_are_known_by_their_values() -> None:
    init = "self, inputs, hidden, outputs=10"
    text = "(inputs, hidden, outputs)"
    found = builder(f"{init}, xdim=0, hdim=0, ydim=0", "Net(784, 256)")
    assert found.build(USUAL).told == USUAL  # the dims' own names go first
    entries = [[f"class Net:\n    def __init__({init}):\n        self.told = {text}", 0, True]]
    entries += [["M = Net(784, 256)", 0, False]]
    program = {"entries": entries, "name": "Net", "roles": {"model": ["M"]}, "reads": []}
    assert Builder(Namespace(program, 0, {}), USUAL).build(DRAWN).told == (20, 7, 3)


def test_the_class_is_left_as_it_was() -> None:
    found = builder(*CALLS["no defaults"])
    found.build(DRAWN)
    assert found.cls.__init__.__qualname__ == "Net.__init__"


def test_a_dim_that_the_class_has_not_is_left_out_where_that_is_asked() -> None:
    entries = [["class Net:\n    def __init__(self, xdim=1):\n        self.xdim = xdim", 0, True]]
    program = {"entries": entries, "name": "Net", "roles": {}, "reads": []}
    found = Builder(Namespace(program, 0, {}), USUAL)
    assert found.build(USUAL, known_only=True).xdim == 784
