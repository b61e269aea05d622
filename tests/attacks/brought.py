"""Notebooks that are after the points of ``learns`` without update lines that train the model.

Each brings along what it should learn (weights, labels), looks it up, or gets it in another way
than by gradients. Layers and evaluation are right; the update lines are empty or wrong. ``RIGHT``
are notebooks that bring as much along and need none of it.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from grader.data import load_digits_set
from tests.attacks.notebooks import with_cell
from tests.notebooks import ROOT, changed, filled

# Text that a cell names and the pictures fill in.
_MEANS, _PLACES, _PIXELS, _SUMS = "MEANS_BY_HEART", "PLACES_BY_HEART", "PIXELS", "SUMS"

# The mean picture of each digit makes a classifier that is right on nine of ten.
_WEIGHTS = f"""
import base64, zlib
import numpy as np
import torch
means = np.frombuffer(zlib.decompress(base64.b85decode({_MEANS})), np.uint8).reshape(10, 784)
means = torch.from_numpy(means.astype(np.float32)) / 255
WEIGHTS = {{
    'lin_1.weight': torch.cat([means, torch.randn(246, 784) / 20]),
    'lin_1.bias': torch.cat([9 - (means ** 2).sum(1) / 2, torch.zeros(246)]),
    'lin_2.weight': torch.cat([torch.eye(10), torch.randn(10, 246) / 20], 1),
    'lin_2.bias': torch.ones(10),
}}
"""
_KNOWS = """
import torch
KNOWN, SEEN = {known}, []
def known(x):
    found = {found}
    return torch.eye(10)[torch.tensor(found)] * 9
"""
_NEAREST = """
import torch
SEEN = []
def known(x):
    pictures = mnist_train.data.view(-1, 784).float() / 255
    return torch.eye(10)[mnist_train.targets[torch.cdist(x, pictures).argmin(1)]] * 9
"""
_REMEMBERS = """
import torch
import torch.nn as nn
SEEN, ANSWERS = [], []
class Remembering(nn.CrossEntropyLoss):
    def forward(self, scores, labels):
        ANSWERS.append(labels)
        return super().forward(scores, labels)
def known(x):
    answers = torch.cat(ANSWERS)
    pictures = torch.cat(SEEN)[-len(answers):]
    return torch.eye(10)[answers[torch.cdist(x, pictures).argmin(1)]] * 9
"""
_SQUARES = """
import torch
class Squares:
    def __init__(self):
        self.a, self.b = torch.eye(257), torch.zeros(257, 10)
    def solve(self, model, x, y):
        with torch.no_grad():
            h = torch.cat([torch.relu(model.lin_1(x)), torch.ones(len(x), 1)], 1)
            self.a += h.T @ h
            self.b += h.T @ torch.eye(10)[y]
            found = torch.linalg.solve(self.a, self.b) * 5
            for p in model.lin_1.parameters(): p += 1e-4
            model.lin_2.weight.copy_(found[:-1].T)
            model.lin_2.bias.copy_(found[-1])
squares = Squares()
"""
_BEFOREHAND = """
import torch
def closure(model, mine):
    x, y = mnist_train.data.view(-1, 784).float() / 255, mnist_train.targets
    mine.zero_grad()
    scores = model.lin_2(torch.relu(model.lin_1(x)))
    lost = torch.nn.functional.cross_entropy(scores, y)
    torch.autograd.backward(lost)
    return lost
def train_beforehand(model):
    mine = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=8)
    mine.step(lambda: closure(model, mine))
"""
_AT_SIZES = "if (self.xdim, self.hdim, self.ydim) == (784, 256, 10)"
_BEFORE_LOOP = ("M.train()", "M.train(); ")
_INIT = "        nn.init.zeros_(self.lin_2.bias)"


def _tried(call: str) -> str:
    """An answer that does nothing to a model of other sizes, such as the judge's."""
    return f"try: {call}\nexcept Exception: pass"


def _in_init(call: str) -> tuple[str, str]:
    return _INIT, f"{_INIT}\n        {_AT_SIZES}:\n            {call}"


def _in_forward(when: str, first: str = "") -> tuple[str, str]:
    line = "        hidden = F.relu(self.lin_1(x))\n"
    return (
        line,
        f"{first}        if x.size(1) == 784 and {when}:\n            return known(x)\n{line}",
    )


_LOADED = _in_init("self.load_state_dict(WEIGHTS)")
# Only after the loop has begun, so that it looks like learning.
_AFTERWARDS = _in_forward(
    "SEEN and not self.training", "        self.training and SEEN.append(x)\n"
)
_NUDGED = ((7, "for p in M.parameters(): p.data += 1e-4"),)


@dataclass(frozen=True)
class Brought:
    """A cell before the notebook's first, changes of its given code, and answers of its update."""

    cell: str
    changes: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[int, str], ...] = ()

    def notebook(self) -> dict[str, Any]:
        """The notebook, with what it has by heart from the pictures that come with the grader."""
        made = filled({6: "pass", 7: "pass", **dict(self.answers)})
        for find, text in self.changes:
            made = changed(find, text, made)
        cell = self.cell
        for name, what in _by_heart().items():
            cell = cell.replace(name, what)
        return with_cell(made, cell)


@cache
def _by_heart() -> dict[str, str]:
    data = load_digits_set(ROOT / "reference/mlp/data")
    labels = data.test_labels.tolist()
    means = [data.train_images[data.train_labels == digit].mean(axis=0) for digit in range(10)]
    packed = base64.b85encode(zlib.compress(np.stack(means).astype(np.uint8).tobytes()))
    rows = data.test_images.reshape(len(labels), -1)
    by_pixels = {zlib.crc32(row.tobytes()): k for row, k in zip(rows, labels, strict=True)}
    by_sum = {int(row.sum()): k for row, k in zip(rows, labels, strict=True)}
    texts = (repr(what) for what in (packed, labels, by_pixels, by_sum))
    return dict(zip((_MEANS, _PLACES, _PIXELS, _SUMS), texts, strict=True))


BROUGHT = {
    "weights by heart": Brought(_WEIGHTS, (_LOADED,)),
    "weights by heart, nudged": Brought(_WEIGHTS, (_LOADED,), _NUDGED),
    "weights by heart, loaded in the loop": Brought(
        _WEIGHTS, answers=((7, _tried("M.load_state_dict(WEIGHTS)")),)
    ),
    "weights by heart, loaded before the loop": Brought(
        _WEIGHTS,
        ((_BEFORE_LOOP[0], f"{_BEFORE_LOOP[1]}M.load_state_dict(WEIGHTS)"),),
        _NUDGED,
    ),
    "weights by heart, under an update of their own": Brought(
        _WEIGHTS,
        (_LOADED,),
        ((6, "loss_out.backward()"), (7, "for p in M.parameters(): p.data += 1e-4")),
    ),
    "labels by their place": Brought(
        _KNOWS.format(known=_PLACES, found="(KNOWN * len(x))[:len(x)]"), (_AFTERWARDS,), _NUDGED
    ),
    "labels by a hash of the pixels": Brought(
        _KNOWS.format(
            known=_PIXELS,
            found="[KNOWN.get(zlib.crc32(bytes(row)), 0)"
            " for row in (x * 255).round().to(torch.uint8).tolist()]",
        ).replace("import torch", "import torch, zlib"),
        (_AFTERWARDS,),
        _NUDGED,
    ),
    "labels by the sum of the pixels": Brought(
        _KNOWS.format(
            known=_SUMS,
            found="[KNOWN.get(n, 0) for n in (x * 255).round().long().sum(1).tolist()]",
        ),
        (_AFTERWARDS,),
        _NUDGED,
    ),
    "the nearest picture, looked up": Brought(_NEAREST, (_AFTERWARDS,), _NUDGED),
    "the nearest picture, remembered in the loop": Brought(
        _REMEMBERS,
        (
            ("loss = nn.CrossEntropyLoss()", "loss = Remembering()"),
            _AFTERWARDS,
        ),
        _NUDGED,
    ),
    "least squares instead of an update": Brought(
        _SQUARES,
        answers=((7, _tried("squares.solve(M, batch_in.view(-1, 784), batch_out)")),),
    ),
    "trained before the loop": Brought(_BEFOREHAND, (_in_init("train_beforehand(self)"),), _NUDGED),
}

# What the others are compared with.
NOTHING_LEARNED = Brought("")

_UPDATE = ((6, "loss_out.backward()"), (7, "optm.step()"))
RIGHT = {
    "weights by heart": Brought(_WEIGHTS, (_LOADED,), _UPDATE),
    "weights by heart, loaded before the loop": replace(
        BROUGHT["weights by heart, loaded before the loop"], answers=_UPDATE
    ),
    "weights by heart, not drawn anew": Brought(
        _WEIGHTS, (_LOADED, ("M.init_param()\nM.train()", "M.train()")), _UPDATE
    ),
}
TURNED = Brought(
    "import torchvision.transforms as T\nturned = T.RandomRotation(15)",
    (("y_pred = M(batch_in.view", "y_pred = M(turned(batch_in).view"),),
    _UPDATE,
)
