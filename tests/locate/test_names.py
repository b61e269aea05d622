"""Which names a statement binds and needs."""

from __future__ import annotations

import ast

import pytest

from grader.locate.names import bound_names, changed_names, is_setting
from grader.locate.needed import needed_names


def first(source: str) -> ast.stmt:
    return ast.parse(source).body[0]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1", {"x"}),
        ("x, (y, *z) = t", {"x", "y", "z"}),
        ("import numpy as np, os.path", {"np", "os"}),
        ("from a import b as c", {"c"}),
        ("def f(a):\n    b = 1", {"f"}),
        ("class C:\n    x = 1", {"C"}),
        ("C.forward = f", {"C"}),
        ("table['a'] = 1", {"table"}),
        ("for i in r:\n    s = i", {"i", "s"}),
        ("with open(p) as f:\n    pass", {"f"}),
        ("try:\n    import tqdm\nexcept ImportError as e:\n    tqdm = None", {"tqdm", "e"}),
        ("[i for i in r]", set()),
        ("if (n := 3):\n    pass", {"n"}),
        ("[last := i for i in r]", {"last"}),
        ("y = [[(a := j) for j in i] for i in r]", {"y", "a"}),
        ("f = lambda: [a := 1 for _ in r]", {"f"}),
        ("match p:\n    case [a, *b] | {'k': a, **b}:\n        pass", {"a", "b"}),
        ("match p:\n    case Point(x=0) as c if c:\n        d = c", {"c", "d"}),
        ("match p:\n    case _:\n        pass", set()),
    ],
)
def test_bound(source: str, names: set[str]) -> None:
    assert bound_names(first(source)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("M.requires_grad_(False)", {"M"}),
        ("M.eval().requires_grad_(False)", {"M"}),
        ("next(M.parameters()).requires_grad_(False)", {"M"}),
        ("M.lin_1.weight.data.fill_(0)", {"M"}),
        ("wandb.init(project='p', config={'lr': 1e-3})", {"wandb"}),
        ("for p in M.parameters():\n    p.requires_grad = False", {"M"}),
        ("for n, p in M.named_parameters():\n    if 'lin_1' in n:\n        p.zero_()", {"M"}),
        ("for layer in M.children():\n  for p in layer.parameters():\n    p.fill_(0)", {"M"}),
        ("for p in M.parameters():\n    print(p.shape)", set()),
        ("for e in range(9):\n    for x, y in batches:\n        M.zero_()", set()),
        ("M.train()", set()),
        ("M.__init__()", set()),
        ("M = N.requires_grad_(False)", set()),
    ],
)
def test_changed(source: str, names: set[str]) -> None:
    assert changed_names(first(source)) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = y + len(z)", {"y", "z"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("for i in r:\n    s = i\n    t += s", {"r", "t"}),
        ("def f(a, b=c):\n    d = a + e\n    return d", {"c", "e"}),
        ("def f():\n    global g\n    g += 1", {"g"}),
        ("def f():\n    def inner():\n        return f() + h\n    return inner", {"h"}),
        ("class C(Base):\n    def m(self):\n        return C, helper(self)", {"Base", "helper"}),
        ("[i + k for i in r if i > j]", {"r", "k", "j"}),
        ("f = lambda a: a + b", {"b"}),
        ("if any((n := i) > 3 for i in r):\n    print(n)", {"r"}),
        ("match p:\n    case [a, *b] | {'k': a, **b}:\n        print(a, b, c)", {"p", "c"}),
        ("def f():\n    match p:\n        case Point(x=k) as a:\n            a, k", {"p", "Point"}),
        ("try:\n    t()\nexcept E as e:\n    print(e)", {"t", "E"}),
        ("def f(a: t.Tensor, *b: u, c: v = d) -> w:\n    e: x = a", {"t", "u", "v", "d", "w", "x"}),
        ("print(f'{x:{w}}')", {"x", "w"}),
        ("@decorated\ndef f(): pass", {"decorated"}),
    ],
)
def test_needed(source: str, names: set[str]) -> None:
    assert needed_names(first(source)) == names


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ("torch.set_grad_enabled(False)", True),
        ("_ = torch.autograd.set_grad_enabled(mode=False)", True),
        ("set_grad_enabled(True)", True),
        ("torch.set_grad_enabled", False),
        ("with torch.set_grad_enabled(False):\n    pass", False),
        ("def f():\n    torch.set_grad_enabled(False)", False),
        ("print(torch.is_grad_enabled())", False),
    ],
)
def test_switches(source: str, does: bool) -> None:
    assert is_setting(first(source)) is does
