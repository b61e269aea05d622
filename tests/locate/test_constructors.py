"""What constructs a name: a call, looked for through functions and aliases."""

from __future__ import annotations

import pytest

from grader.locate.constructors import constructed_names
from tests.locate.homework import code_of

MAKE_BOTH = """\
def make(rate):
    net = Net().to(device)
    opt = SGD(net.parameters(), lr=rate)
    return net, opt
"""


def constructed(*cells):
    return [(c.name, c.constructors, c.arguments) for c in constructed_names(code_of(*cells))]


@pytest.mark.parametrize(
    ("source", "constructors"),
    [
        ("M = Net()", {"Net"}),
        ("M = models.nets.Net()", {"models", "nets", "Net"}),
        ("M = Net().to(device).train()", {"Net"}),
        ("Model = Net\nM = Model()", {"Model", "Net"}),
        ("Model = models.Net\nM = Model()", {"Model", "models", "Net"}),
        ("def make():\n    return Net().to(device)\nM = make()", {"Net"}),
        ("def make():\n    net = Net()\n    return net.to(device)\nM = make().train()", {"Net"}),
        ("M = make()\ndef make():\n    return Net()", {"Net"}),
        ("def a():\n    return Net()\ndef b():\n    return a()\nM = b()", {"Net"}),
        ("def make(n):\n    n = 2 * n\n    return Big()\n    return Net()\nM = make(0)", {"Net"}),
        ("def make():\n    print(1)\nM = make()", {"make"}),
        ("def make():\n    return make()\nM = make()", {"make"}),
    ],
)
def test_what_constructs_a_model(source, constructors):
    assert constructed(source)[-1] == ("M", constructors, set())


def test_several_names_at_once():
    assert [name for name, _, _ in constructed("M = net = Net()")] == ["M", "net"]
    both = [("M", {"Net"}, set()), ("optm", {"SGD"}, {"p"})]
    assert constructed("M, optm = Net(), SGD(p)") == both


def test_a_function_that_makes_a_model_and_its_optimizer():
    both = [("M", {"Net"}, set()), ("optm", {"SGD"}, {"net", "rate"})]
    assert constructed(MAKE_BOTH, "M, optm = make(0.1)") == both


def test_the_arguments_are_all_names_in_the_call():
    ((_, _, arguments),) = constructed("optm = torch.optim.Adam(M.parameters(), lr=2 * rate)")
    assert arguments == {"M", "rate"}


@pytest.mark.parametrize(
    "source",
    ["M = other", "M = 1", "Net()", "def f():\n    M = Net()", "M.net = Net()", "a, b = c"],
)
def test_what_constructs_no_name(source):
    assert constructed(source) == []
