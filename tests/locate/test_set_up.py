"""A call that sets up an object of the notebook's own class belongs to what uses that object."""

import ast

import pytest

from grader.locate.set_up import SetUpCalls

TRAINER = """
class Trainer{bases}:
    def __init__(self, model):
        self.model = model
    def compile(self, optimizer, loss):
        self.optimizer, self.loss = optimizer, loss
    def log(self):
        print(self.model)
    def one(self, x, y):
        self.loss(self.model(x), y).backward()
    def fit(self, batches):
        self.seen = 0
        for x, y in batches:
            self.one(x, y)
trainer = Trainer(M)
"""


@pytest.mark.parametrize(
    ("bases", "call", "name"),
    [
        ("", "trainer.compile(optm, loss)", {"trainer"}),
        ("(object)", "ready = trainer.compile(optm, loss)", {"trainer"}),
        ("", "trainer.log()", set()),
        ("", "trainer.fit(train_iter)", set()),
        ("", "other.compile(optm, loss)", set()),
        ("(nn.Module)", "trainer.compile(optm, loss)", set()),
    ],
)
def test_what_sets_an_object_up(bases, call, name):
    nodes = ast.parse(TRAINER.format(bases=bases) + call).body
    assert SetUpCalls(nodes).by(nodes[-1]) == name
