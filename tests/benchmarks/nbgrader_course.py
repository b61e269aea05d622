"""The same homework as an nbgrader course: the students' own cells, and tests of what we check.

What nbgrader runs is less than what its users would give it: no download, no plot, no training but
the tests' own. The training loop becomes a function, for nbgrader's tests call what they test.
"""

from __future__ import annotations

import json
import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.data import find_data
from tests.benchmarks.students import MLP, SOLVED, Student
from tests.notebooks import EVALUATION, MODEL, TRAINING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ASSIGNMENT = "mlp"
_TRAIN = "def train_model(M, loss, optm, train_iter, test_iter, device):\n"

_IMPORTS = """\
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
device = torch.device('cpu')
BATCH_SIZE = 256
"""

# What every test needs; a cell of the instructor's.
_TOOLS = """\
rng = np.random.default_rng()
class Enough(Exception):
    pass

class Batches:
    def __init__(self, images, labels, sizes, once=False):
        self.pairs = list(zip(images.split(sizes), labels.split(sizes)))
        self.once, self.passes = once, 0
        self.dataset = labels
    def __len__(self):
        return len(self.pairs)
    def __iter__(self):
        self.passes += 1
        if self.once and self.passes > 1:
            raise Enough
        for images, labels in self.pairs:
            yield images.clone(), labels.clone()

def train_some(model, optimizer, batches):
    global func_eval
    kept, func_eval = func_eval, lambda *args: 0.5
    try:
        train_model(model, nn.CrossEntropyLoss(), optimizer, batches, batches, device)
    except Enough:
        pass
    finally:
        func_eval = kept

class Small(nn.Module):
    def __init__(self, hidden=8):
        super().__init__()
        self.lin_1, self.lin_2 = nn.Linear(784, hidden), nn.Linear(hidden, 10)
    def init_param(self):
        pass
    def forward(self, x):
        return self.lin_2(F.relu(self.lin_1(x)))
"""

_TESTS = {
    "layer_shapes": """\
for dims in ({}, {'xdim': 21, 'hdim': 13, 'ydim': 5}, {'xdim': 34, 'hdim': 17, 'ydim': 7}):
    model = MultiLayerPerceptronClass(**dims)
    x, h, y = (dims.get(k, d) for k, d in (('xdim', 784), ('hdim', 256), ('ydim', 10)))
    assert model.lin_1.weight.shape == (h, x) and model.lin_1.bias.shape == (h,)
    assert model.lin_2.weight.shape == (y, h) and model.lin_2.bias.shape == (y,)
""",
    "forward_output": """\
model = MultiLayerPerceptronClass()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_(torch.from_numpy(rng.normal(0, 0.05, tuple(parameter.shape))))
w1, b1, w2, b2 = model.parameters()
for mode in (True, False):
    model.train(mode)
    for n in (1, 7, 32):
        x = torch.from_numpy(rng.normal(0, 1, (n, 784)).astype(np.float32))
        assert torch.allclose(model(x), torch.relu(x @ w1.T + b1) @ w2.T + b2, atol=1e-4)
""",
    "eval_accuracy": """\
for sizes, share, once in (
    ([256, 256, 40], 0.62, False), ([5, 17, 1, 30], 0.35, False),
    ([20, 20, 7], 0.8, True), ([1, 1, 1], 0.34, False), ([40, 40, 13], 0.55, False),
):
    n = sum(sizes)
    model = Small()
    images = torch.rand(n, 1, 28, 28)
    with torch.no_grad():
        right = model(images.view(-1, 784)).argmax(dim=1)
    labels = (right + torch.randint(1, 10, (n,))) % 10
    labels[:round(n * share)] = right[:round(n * share)]
    before = [p.clone() for p in model.parameters()]
    assert abs(func_eval(model, Batches(images, labels, sizes, once), device)
               - round(n * share) / n) < 1e-6
    assert model.training and all(torch.equal(a, b) for a, b in zip(before, model.parameters()))
""",
    "step_order": """\
images, labels = torch.rand(120, 1, 28, 28), torch.randint(0, 10, (120,))
for make in (lambda p: optim.SGD(p, lr=0.1), lambda p: optim.Adam(p, lr=1e-3)):
    theirs, ours = Small(), Small()
    ours.load_state_dict(theirs.state_dict())
    train_some(theirs, make(theirs.parameters()), Batches(images, labels, [24] * 5, True))
    optimizer = make(ours.parameters())
    for x, y in Batches(images, labels, [24] * 5):
        optimizer.zero_grad()
        F.cross_entropy(ours(x.view(-1, 784)), y).backward()
        optimizer.step()
    pairs = zip(theirs.parameters(), ours.parameters())
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in pairs)
""",
    "learns": """\
digits = np.load('digits.npz')
images = torch.from_numpy(digits['train_images']).float().div(255).reshape(-1, 1, 28, 28)
order = torch.randint(0, len(images), (50 * 32,))
labels = torch.from_numpy(digits['train_labels']).long()
model = MultiLayerPerceptronClass()
train_some(model, optim.Adam(model.parameters(), lr=1e-3),
           Batches(images[order], labels[order], [32] * 50, True))
model.eval()
with torch.no_grad():
    held_back = torch.from_numpy(digits['test_images']).float().div(255).reshape(-1, 784)
    found = model(held_back).argmax(dim=1).numpy()
assert (found == digits['test_labels']).mean() > 0.75
""",
}


def write_course(folder: Path, students: Iterable[Student]) -> None:
    """Write an nbgrader course whose assignment these students have handed in."""
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\n", encoding="utf-8"
    )
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    solved = Student("solved", "", tuple(c.source for c in SOLVED.cells if c.kind == "code"))
    _write(source / f"{ASSIGNMENT}.ipynb", _notebook(solved))
    data = find_data(None, MLP.data)
    np.savez(
        source / "digits.npz",
        train_images=data.train_images,
        train_labels=data.train_labels,
        test_images=data.test_images,
        test_labels=data.test_labels,
    )
    for student in students:
        target = folder / "submitted" / student.name / ASSIGNMENT
        target.mkdir(parents=True)
        _write(target / f"{ASSIGNMENT}.ipynb", _notebook(student))
        shutil.copy(source / "digits.npz", target)


def _notebook(student: Student) -> dict[str, Any]:
    graded = student.graded
    cells = [
        _cell("imports", _IMPORTS, locked=True),
        _cell("model", graded[MODEL], solution=True),
        _cell("evaluation", graded[EVALUATION], solution=True),
        _cell("training", _TRAIN + textwrap.indent(graded[TRAINING], "    "), solution=True),
        _cell("tools", _TOOLS, locked=True),
    ]
    cells += [_cell(name, test, points=20, locked=True) for name, test in _TESTS.items()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def _cell(
    name: str, source: str, *, solution: bool = False, locked: bool = False, points: int = 0
) -> dict[str, Any]:
    marks = {
        "schema_version": 3,
        "grade_id": name,
        "solution": solution,
        "grade": points > 0,
        "locked": locked,
        "task": False,
        **({"points": points} if points else {}),
    }
    return {
        "id": name.replace("_", "-"),
        "cell_type": "code",
        "source": source,
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "execution_count": None,
    }


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.write_text(json.dumps(notebook), encoding="utf-8")
