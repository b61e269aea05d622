"""Which names stand for the model, the optimizer, the batches."""

from __future__ import annotations

import pytest

from grader.locate.roles import infer_roles, without_rivals
from tests.locate.homework import HOMEWORK, TRAINING, code_of, roles_of

DATA = "mnist_train = MNIST(train=True)\nmnist_test = MNIST(train=False)\n"
TRAINING_PART = HOMEWORK.parts[2]


@pytest.mark.parametrize(
    ("source", "role", "names"),
    [
        ("", "optimizer", ("optm",)),
        ("optm = SGD(p)", "optimizer", ("optm",)),
        ("optimizer = torch.optim.SGD(p)", "optimizer", ("optm", "optimizer")),
        ("def make():\n    return SGD(p)\nopt = make()", "optimizer", ("optm", "opt")),
        ("net = Net()\nopt = SGD(net.parameters())", "model", ("M", "net")),
        ("M = Other()", "model", ("M",)),
        ("M = SGD(p)", "model", ("M",)),
        ("M = SGD(p)", "optimizer", ("optm",)),
    ],
)
def test_a_name_takes_the_role_of_what_it_is_made_by(source, role, names):
    assert roles_of(source).names(role) == names


@pytest.mark.parametrize(
    ("source", "train", "test"),
    [
        # What they are made of tells first …
        ("a = DataLoader(mnist_train)\nb = DataLoader(mnist_test)", ["a"], ["b"]),
        # … and even of the notebook's own name.
        ("train_iter = DataLoader(mnist_test)", [], ["train_iter"]),
        # Then the name, then whether a loop runs over it.
        ("train_loader = DataLoader(d)\nval = DataLoader(d)", ["train_loader"], ["val"]),
        ("a = DataLoader(d)\nfor x in a: pass", ["a"], []),
        ("test_loader = DataLoader(d)\nfor x in test_loader: pass", [], ["test_loader"]),
    ],
)
def test_training_batches_are_told_from_test_batches(source, train, test):
    roles = roles_of(DATA + source)
    own = {"train_iter"} if "train_iter" not in test else set()
    assert set(roles.names("train_batches")) == {*train, *own}
    assert set(roles.names("test_batches")) == {*test, "test_iter"}


def test_a_data_set_under_another_name():
    roles = roles_of("training_set = MNIST(train=True)\nloader = DataLoader(training_set)")
    assert roles.names("train_data") == ("mnist_train", "training_set")
    assert roles.names("train_batches") == ("train_iter", "loader")


def kept(*cells):
    """Return the model's and optimizer's names that stay beside the ones the loop uses."""
    code, roles = code_of(*cells), roles_of(*cells)
    roles = without_rivals(roles, TRAINING_PART, code.statements[-1:], code)
    return roles.names("model"), roles.names("optimizer")


def test_a_second_model_and_its_optimizer_are_rivals():
    both = "M = Net()\noptm = SGD(M.parameters())\nM2 = Net()\noptm2 = SGD(M2.parameters())"
    assert roles_of(both).names("model") == ("M", "M2")
    assert kept(both, TRAINING) == (("M",), ("optm",))


def test_a_second_name_of_the_same_model_is_none():
    assert kept("M = net = Net()", TRAINING) == (("M", "net"), ("optm",))


def test_where_the_loop_uses_other_names_all_stay():
    renamed = TRAINING.replace("M(", "net(").replace("optm", "opt")
    names = kept("net = Net()\nopt = SGD(net.parameters())", renamed)
    assert names == (("M", "net"), ("optm", "opt"))


def test_one_more_name():
    roles = roles_of("")
    assert roles.with_name("model", "net").names("model") == ("M", "net")
    assert roles.with_name("model", "M") is roles
    assert roles.with_name("other", "x").names("other") == ("x",)
    assert roles.names("other") == ()


def test_the_roles_that_a_loop_reads():
    assert roles_of().read_by(code_of(TRAINING).statements) == (
        "model",
        "optimizer",
        "train_batches",
    )


def test_what_a_renamed_class_makes_is_the_model():
    code = code_of("model = MLP()")
    renamed = {HOMEWORK.parts[0].name: "MLP"}
    assert infer_roles(code, HOMEWORK, renamed).names("model") == ("M", "model")
