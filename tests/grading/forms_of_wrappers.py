"""Notebooks that are right with a training loop behind another name, or with renamed parts."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from tests.grading.forms_of_notebooks import with_cells
from tests.notebooks import TRAINING, cell, solved

STEP = """
def step(model, xb, yb):
    y_pred = model(xb.view(-1, 28*28).to(device))
    loss_out = loss(y_pred, yb.to(device))
    optm.zero_grad()
    loss_out.backward()
    optm.step()
    return loss_out.item()
"""
METHOD = "class T:\n" + STEP.replace("def step(", "def {name}(self, ").replace("\n", "\n    ")
FIT = """
def fit(epochs, model, batches):
    for epoch in range(epochs):
        for xb, yb in batches:
            loss_out = loss(model(xb.view(-1, 28*28).to(device)), yb.to(device))
            optm.zero_grad()
            loss_out.backward()
            optm.step()
"""
# As PyTorch's own tutorial on nn has it: one helper trains and evaluates.
TUTORIAL = """
def loss_batch(model, loss_func, xb, yb, opt=None):
    value = loss_func(model(xb.view(-1, 28*28).to(device)), yb.to(device))
    if opt is not None:
        opt.zero_grad()
        value.backward()
        opt.step()
    return value.item(), len(xb)

def fit(epochs, model, loss_func, opt, train_dl, valid_dl):
    for epoch in range(epochs):
        model.train()
        for xb, yb in train_dl:
            loss_batch(model, loss_func, xb, yb, opt)
        model.eval()
        with torch.no_grad():
            losses, nums = zip(*[loss_batch(model, loss_func, xb, yb) for xb, yb in valid_dl])
        print(epoch, sum(losses) / len(nums))

fit(2, M, loss, optm, train_iter, test_iter)
"""
OVER = "\nfor epoch in range(2):\n    for xb, yb in train_iter:\n        {}\n"
PARTIAL = "from functools import partial\n"
LOOPS = {
    "a helper behind partial": STEP + PARTIAL + "go = partial(step, M)" + OVER.format("go(xb, yb)"),
    "a helper behind a lambda": STEP + "go = lambda *b: step(M, *b)" + OVER.format("go(xb, yb)"),
    "a bound method": METHOD.format(name="step")
    + "\nstep = T().step"
    + OVER.format("step(M, xb, yb)"),
    "a bound method under another name": (
        METHOD.format(name="one") + "\ngo = T().one" + OVER.format("go(M, xb, yb)")
    ),
    "an object that is called": (
        METHOD.format(name="__call__") + "\ngo = T()" + OVER.format("go(M, xb, yb)")
    ),
    "the loop behind partial": FIT + PARTIAL + "run = partial(fit, 2, M)\nrun(train_iter)",
    "the loop behind a lambda": FIT + "run = lambda n: fit(n, M, train_iter)\nhistory = run(2)",
    "the loop in a table": FIT + "jobs = {'mlp': fit}\njobs['mlp'](2, M, train_iter)",
    "a helper that evaluates, too": TUTORIAL,
    "a helper that evaluates once more": (
        TUTORIAL + "losses, _ = zip(*[loss_batch(M, loss, xb, yb) for xb, yb in test_iter])"
    ),
    "a helper that evaluates at the top level": (
        TUTORIAL.split("def fit", maxsplit=1)[0]
        + OVER.format("loss_batch(M, loss, xb, yb, optm)")
        + "    valid = zip(*[loss_batch(M, loss, xb, yb) for xb, yb in test_iter])"
    ),
}


def looped(source: str) -> dict[str, Any]:
    notebook = solved()
    cell(notebook, TRAINING)["source"] = source
    return notebook


def renamed(*pairs: tuple[str, str]) -> dict[str, Any]:
    def change(source: str) -> str:
        for old, new in pairs:
            source = re.sub(rf"\b{old}\b", new, source)
        return source

    return with_cells(change)


CLASS, MODEL, OPTIMIZER = (
    ("MultiLayerPerceptronClass", "MLP"),
    ("M", "model"),
    ("optm", "optimizer"),
)
NAMES = {
    "class": [CLASS],
    "model": [MODEL],
    "class and model": [CLASS, MODEL],
    "class, model and optimizer": [CLASS, MODEL, OPTIMIZER],
}


def _named(name: str, make: Any) -> Any:
    make.__name__ = name
    return make


FORMS = [
    *(_named(name, partial(looped, source)) for name, source in LOOPS.items()),
    *(
        _named(f"another name for {name}", partial(renamed, *pairs))
        for name, pairs in NAMES.items()
    ),
]
