"""Which statements hold the training loop, and what calls it."""

from __future__ import annotations

import pytest

from grader.locate.loops import callers, holds_loop
from grader.locate.roles import infer_roles
from tests.locate.homework import EVALUATION, HOMEWORK, TRAINING, code_of, indented

PART = HOMEWORK.parts[2]
UPDATE = "def update(x, y):\n    loss(M(x), y).backward()\n    optm.step()\n"
TRAINER = f"class Trainer:\n    def fit(self):\n{indented(indented(TRAINING))}"


def holds(*cells: str) -> bool:
    """Say whether the last statement of a notebook is, or holds, the training loop."""
    code = code_of(*cells)
    return holds_loop(PART, code.statements[-1].node, infer_roles(code, HOMEWORK), code)


@pytest.mark.parametrize(
    "cells",
    [
        [TRAINING],
        [f"for epoch in range(3):\n{indented(TRAINING)}"],
        [f"while not done:\n{indented(TRAINING)}"],
        [f"if __name__ == '__main__':\n{indented(TRAINING)}"],
        [f"def train():\n{indented(TRAINING)}"],
        [f"def train(loader):\n{indented(TRAINING.replace('train_iter', 'loader'))}"],
        [TRAINER],
        ["for i, (x, y) in enumerate(tqdm(train_iter)):\n    optm.step()"],
        ["def train(loader):\n    for x, y in loader:\n        optm.step()"],
        ["def train(loader):\n    M.eval()\n    for x, y in loader:\n        optm.step()"],
        ["bar = tqdm(train_iter)", "for x, y in bar:\n    optm.step()"],
        ["loader = DataLoader(mnist_train)\nfor x, y in loader:\n    optm.step()"],
        # The call that is surest counts whatever the loop runs over.
        ["for x, y in batches:\n    loss(M(x), y).backward()"],
        # A helper makes the updates.
        [UPDATE, "for x, y in train_iter:\n    update(x, y)"],
        [UPDATE, "[update(x, y) for x, y in train_iter]"],
        [UPDATE, "list(map(update, xs, ys))"],
        # The helper has another name by now, or is a method.
        [UPDATE, "go = partial(update, 1)", "for x, y in train_iter:\n    go(y)"],
        [UPDATE, "go = lambda batch: update(*batch)", "for batch in train_iter:\n    go(batch)"],
        [f"class T:\n{indented(UPDATE)}", "go = T().update", "for x, y in batches:\n    go(x, y)"],
        [UPDATE, "def two(x, y):\n    update(x, y)", "for x, y in train_iter:\n    two(x, y)"],
        # It trains and evaluates by the same helper.
        [UPDATE, "def fit(a):\n    M.eval()\n    for x, y in a:\n        update(x, y)"],
    ],
    ids=lambda cells: cells[-1].split("\n")[0],
)
def test_a_loop_that_trains(cells):
    assert holds(*cells)


@pytest.mark.parametrize(
    "cells",
    [
        [EVALUATION],
        [UPDATE],
        ["optm.step()"],
        ["for x, y in train_iter:\n    print(x.shape)"],
        ["for x, y in test_iter:\n    optm.step()"],
        ["x, y = next(iter(train_iter))"],
        # A function that evaluates, and updates nothing, though its loop computes a loss.
        ["def look(batches):\n    M.eval()\n    for x, y in batches: loss(M(x), y)"],
        [
            UPDATE,
            "def look(a):\n    M.eval()\n    with torch.no_grad():\n        for b in a: update(*b)",
        ],
        [UPDATE, "@torch.no_grad()\ndef look(a):\n    M.eval()\n    for x, y in a: update(x, y)"],
        ["class Net:\n    def forward(self, x):\n        for l in self.layers: x = l(x)"],
        ["class Other:\n    optm.step()"],
    ],
    ids=lambda cells: cells[-1].split("\n")[0],
)
def test_a_loop_that_does_not(cells):
    assert not holds(*cells)


def calling(definition: str, *cells: str) -> list[int]:
    """Return the cells of what calls the definition in cell 1."""
    code = code_of(definition, *cells)
    return [statement.cell for statement in callers(PART, code.statements[0], code)]


TRAIN = f"def train():\n{indented(TRAINING)}"


@pytest.mark.parametrize(
    ("definition", "cells", "found"),
    [
        (TRAIN, ["train()"], [2]),
        (TRAIN, ["train()", "history = train()", "print(1)"], [3]),
        (TRAIN, ["def main():\n    train()", "main()"], [3]),
        (TRAIN, ["for epoch in range(3):\n    train()"], [2]),
        (TRAIN, ["print('not called')"], []),
        (TRAIN, ["def main():\n    train()"], []),
        (TRAIN, ["run = partial(train, 1)", "run()"], [3]),
        (TRAIN, ["run = lambda: train()", "go = run", "go()", "print(run)"], [5]),
        (TRAIN, ["t = Thread(target=train)", "t.start()", "t.join()"], [3]),
        (TRAIN, ["Thread(target=train).start()"], [2]),
        (TRAIN, ["f = pool.submit(train)", "print(f.result())"], [2]),
        (TRAIN, ["jobs = {'a': train}", "jobs['a']()"], [3]),
        (TRAIN, ["run = partial(train, 1)"], []),
        (TRAINER, ["run = Trainer().fit", "run()"], [3]),
        (TRAINER, ["t = Trainer()", "t.fit()"], [3]),
        (TRAINER + "    def run(self):\n        self.fit()\n", ["Trainer().run()"], [2]),
        (TRAINER + "    def log(self):\n        pass\n", ["t.fit()", "t.log()"], [2]),
        (TRAINER, ["t = Trainer()"], []),
        (TRAINING, ["train()"], []),
    ],
)
def test_the_last_top_level_statement_that_calls_it(definition, cells, found):
    assert calling(definition, *cells) == found
