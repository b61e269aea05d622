"""What is open at each line, and where one top-level statement ends, in text that may be broken."""

from __future__ import annotations

import ast
import sysconfig
import time
from itertools import pairwise
from pathlib import Path

import pytest

from grader.notebook.scan import LineState, dedent, line_states, top_level_blocks
from grader.notebook.syntax import parses


def depths(source):
    return [state.depth for state in line_states(source)]


def test_states():
    source = 'f(a, [\n  b],\n)\ns = """x\n\'(\n"""\nz = 1 + \\\n  2  # \\\n"a\\\nb" (\n'
    assert line_states(source) == [
        LineState(),
        LineState(depth=2),
        LineState(depth=1),
        LineState(after_value=True),
        LineState(quote='"""'),
        LineState(quote='"""'),
        LineState(after_value=True),
        LineState(continued=True),
        LineState(after_value=True),
        LineState(quote='"'),
        LineState(depth=1),
    ]
    assert [s.starts_statement for s in line_states("f(\n)\n'''\n'''\nx\\\n\nx")] == [
        True,
        False,
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", [0]),
        ("'('", [0]),
        ("x = 'unclosed (\ny = (", [0, 0]),
        ('x = "it\'s ("\n', [0, 0]),
        ("# ( '''\nx", [0, 0]),
        ("r'\\'('\n", [0, 0]),
        ("'\\\\' (\n", [0, 1]),
        ("''''a' ('''\n", [0, 0]),
        ("'' (\n", [0, 1]),
        (")))\n(\n", [0, 0, 1]),
        ("\\(\n", [0, 1]),
    ],
)
def test_depth(source, expected):
    assert depths(source) == expected


@pytest.mark.parametrize(
    "line",
    [
        "def f():",
        "class A:",
        "async def f():",
        "import torch",
        "from a.b import c",
        "with a as b:",
        "while x:",
        "for i in range(3):",
        "for i in d:  # each",
        "if x:",
        "else:",
        "elif x:",
        "try:",
        "except ValueError:",
        "return x",
        "@decorator",
        "self.lin_2 = nn.Linear(",
        "a[0] = 1",
        "n += 1",
        "a.b //= 2",
    ],
)
def test_an_open_bracket_is_given_up_at(line):
    assert depths(f"x = f(a,\n# c\n\n{line}") == [0, 1, 1, 0]


@pytest.mark.parametrize("line", ["y = 3", "print(y)", "M = Net()", "lin.forward(x)"])
def test_a_value_behind_a_value_ends_an_open_bracket(line):
    for above in ("x = f(a", "x = f(g(b)", "x = f('a'  # c", "x = f(3"):
        assert depths(f"{above}\n# c\n\n{line}")[-1] == 0
    for above in ("x = f(", "x = f(a,", "x = f(a +", "x = f(not", "x = f(a if b else"):
        assert depths(f"{above}\n# c\n\n{line}")[-1] == 1


@pytest.mark.parametrize(
    "line",
    [
        "for x in y]",
        "for x in f(y)):",
        "if x else y",
        "and b",
        "or b",
        "in b",
        "is b",
        "not in b",
        "else b",
        "as b",
        "f'text'",
        "'text'",
        "+ b",
        "@ b",
        ". b",
        "% (a, b)",
        "# def f():",
        ", definition",
    ],
)
def test_lines_that_brackets_may_hold(line):
    assert depths(f"x = f([a\n{line}") == [0, 2]
    assert depths(f"x = f([a\n    {line}") == [0, 2]


def test_keyword_arguments_are_no_assignments():
    assert depths("f(\nx=1,\ny = 2,\na.b == 3,\na.b <= 3\n)") == [0, 1, 1, 1, 1, 1]


def blocks(source):
    return top_level_blocks(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("\n# c\n", []),
        ("x = 1", [(1, 1)]),
        ("x = 1\n\ny = 2\n", [(1, 1), (3, 3)]),
        ("if x:\n    y\nelif z:\n    y\nelse:\n    z\nw", [(1, 6), (7, 7)]),
        ("try:\n  a\nexcept E:\n  b\nfinally:\n  c\n", [(1, 6)]),
        ("async for x in y:\n  a\nelse:\n  b", [(1, 4)]),
        ("x = 1\nelse:\n  y", [(1, 1), (2, 3)]),
        ("else:\n  y", [(1, 2)]),
        ("@a\n@b(\n1)\n# c\nclass C:\n  x\ndef f(): 1", [(1, 6), (7, 7)]),
        ("@a\nx = 1", [(1, 1), (2, 2)]),
        ("f(\n  1\n)\ny", [(1, 3), (4, 4)]),
        ("f(1)\n)\ny", [(1, 2), (3, 3)]),
        ("s = '''\ndef f():\n\n'''\ny", [(1, 4), (5, 5)]),
        ("x = 1 + \\\n2\ny", [(1, 2), (3, 3)]),
        ("def f():\n    a\n# c\n\n    b\n    # FILL IN HERE\n\n# d\ny", [(1, 6), (9, 9)]),
        ("  x = 1\n  y = 2", [(1, 1), (2, 2)]),
        ("\n\tdef f():\n\t\tx\n\ty", [(2, 3), (4, 4)]),
        ("# c\n  x = 1\n  y = 2", [(2, 2), (3, 3)]),
        ("\ufeffx = 1\ny = 2", [(1, 1), (2, 2)]),
        ("x = 1\n\x0c\n\x0cdef f():\n  y\n  \x0cz = 1", [(1, 1), (3, 4), (5, 5)]),
        ("x = f(\ndef g():\n    y\nz", [(1, 1), (2, 3), (4, 4)]),
        ("x = (a\ny = 2\n", [(1, 1), (2, 2)]),
        ("x = 'a\ny = 2\n", [(1, 1), (2, 2)]),
        ("s = '''a\ny = 2\n", [(1, 3)]),
        ("def f():\nreturn 1", [(1, 1), (2, 2)]),
        ("elsewhere = 1\nformat_ = 2", [(1, 1), (2, 2)]),
        ("if x:\n  y\nelse_ = 1", [(1, 2), (3, 3)]),
    ],
)
def test_blocks(source, expected):
    assert blocks(source) == expected


BROKEN_CELL = """\
import torch

class Net(nn.Module):
    def __init__(self, xdim=784):
        self.lin_1 = nn.Linear(
            # FILL IN HERE

        self.lin_2 = nn.Linear(
            # FILL IN HERE
        )
    def forward(self, x):
        return self.lin_2(x)

M = Net(xdim=784).to(device
loss = nn.CrossEntropyLoss()
scores = # FILL IN HERE
optm = optim.Adam(M.parameters(),
                  lr=1e-3)
for epoch in range(3):
    # FILL IN HERE      # reset gradient
print ("Done.")
"""


def test_one_slip_costs_one_block():
    lines = BROKEN_CELL.split("\n")
    got = {
        lines[first - 1]: parses("\n".join(lines[first - 1 : last]))
        for first, last in blocks(BROKEN_CELL)
    }
    assert got == {
        "import torch": True,
        "class Net(nn.Module):": False,
        "M = Net(xdim=784).to(device": False,
        "loss = nn.CrossEntropyLoss()": True,
        "scores = # FILL IN HERE": False,
        "optm = optim.Adam(M.parameters(),": True,
        "for epoch in range(3):": False,
        'print ("Done.")': True,
    }


LIBRARY = [
    Path(sysconfig.get_path("stdlib")) / f"{name}.py"
    for name in ("argparse", "ast", "enum", "inspect", "textwrap", "tokenize", "turtle", "typing")
]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_blocks_of_real_code_are_its_statements(path):
    source = path.read_text(encoding="utf-8")
    expected = [
        (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]))
        for node in ast.parse(source).body
    ]
    got = blocks(source)
    assert [first for first, _ in got] == expected
    lines = source.split("\n")
    for (_, last), (first, _) in pairwise(got):
        assert all(not line.strip() or line.startswith("#") for line in lines[last : first - 1])


@pytest.mark.parametrize("path", LIBRARY[:4], ids=lambda path: path.stem)
def test_a_missing_bracket_costs_one_block(path):
    source = path.read_text(encoding="utf-8")
    places = [at for at, character in enumerate(source) if character in "()[]{}"]
    for at in places[:: len(places) // 7]:
        broken = source[:at] + source[at + 1 :]
        if parses(broken):
            continue
        lines = broken.split("\n")
        bad = [b for b in blocks(broken) if not parses("\n".join(lines[b[0] - 1 : b[1]]))]
        assert len(bad) == 1


def test_dedent():
    assert dedent("x\n  y") == "x\n  y"
    assert dedent("\n  # c\n  x\n    y\n z\n\tw") == "\n# c\nx\n  y\n z\n\tw"
    assert dedent("# c\n  x") == "# c\nx"
    assert dedent("  ") == "  "


@pytest.mark.parametrize(
    "source",
    [
        "(" * 10**6,
        "'\"" * 500_000,
        "x\n)\n" * 50_000,
        "@a\n" * 50_000,
        "if x:\n" * 50_000,
        "(a\nb" * 50_000,
        '"""\n' * 50_001,
        "x" * 10**6,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_hostile_text_takes_little_time(source):
    begin = time.process_time()
    covered = blocks(source)
    assert covered
    assert covered == sorted(covered)
    assert time.process_time() - begin < 5
