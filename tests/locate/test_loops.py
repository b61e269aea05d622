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
        (TRAINER, ["t = Trainer()", "t.fit()"], [3]),
        (TRAINER + "    def run(self):\n        self.fit()\n", ["Trainer().run()"], [2]),
        (TRAINER + "    def log(self):\n        pass\n", ["t.fit()", "t.log()"], [2]),
        (TRAINER, ["t = Trainer()"], []),
        (TRAINING, ["train()"], []),
    ],
)
def test_the_last_top_level_statement_that_calls_it(definition, cells, found):
    assert calling(definition, *cells) == found
