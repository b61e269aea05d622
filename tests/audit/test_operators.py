"""Each operator makes the changes it is there for, and no others."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.audit import operators
from grader.audit.operators import BODY_OPERATORS, NODE_OPERATORS, Scope

SCOPE = Scope(("a", "b", "c"), ("x", "y"))


def of_node(operator: Any, text: str) -> list[str]:
    """What an operator makes of the one statement or expression in a text."""
    node: ast.AST = ast.parse(text).body[0]
    if isinstance(node, ast.Expr):
        node = node.value
    return [ast.unparse(ast.fix_missing_locations(new)) for new in operator(node, SCOPE)]


def of_body(operator: Any, text: str) -> list[str]:
    bodies = operator(ast.parse(text).body)
    return [ast.unparse(ast.Module(body, [])) for body in bodies]


@pytest.mark.parametrize(
    ("operator", "text", "becomes"),
    [
        (operators.comparison, "a == b", ["a != b"]),
        (operators.comparison, "a < b", ["a <= b", "a >= b"]),
        (operators.comparison, "a < b == c", ["a <= b == c", "a >= b == c", "a < b != c"]),
        (operators.comparison, "a is None", ["a is not None"]),
        (operators.comparison, "a + b", []),
        (operators.arithmetic, "a + b", ["a - b"]),
        (operators.arithmetic, "a / b", ["a * b", "a // b"]),
        (operators.arithmetic, "a += b", ["a -= b", "a = b"]),
        (operators.arithmetic, "a | b", []),
        (operators.constant, "3", ["4", "2"]),
        (operators.constant, "0", ["1", "-1"]),
        (operators.constant, "0.5", ["1.5", "-0.5"]),
        (operators.constant, "True", ["False"]),
        (operators.constant, "'sum'", ["''"]),
        (operators.constant, "''", []),
        (operators.constant, "None", []),
        (operators.truth, "a and b", ["a or b"]),
        (operators.truth, "a if b else c", ["a if not b else c"]),
        (operators.truth, "if a:\n    b", ["if not a:\n    b"]),
        (operators.truth, "while a:\n    b", ["while not a:\n    b"]),
        (operators.sign, "-a", ["a"]),
        (operators.sign, "not a", ["a"]),
        (operators.call, "a.f(b)", ["a", "b"]),
        (operators.call, "f(b, c)", ["b"]),
        (operators.call, "f(*b)", []),
        (
            operators.arguments,
            "f(a, b, k=c)",
            ["f(b, k=c)", "f(a, k=c)", "f(a, b)", "f(b, a, k=c)"],
        ),
        (operators.arguments, "(a, b)", ["(b, a)"]),
        (operators.name, "a", ["c", "b"]),
        (operators.name, "d", []),
        (operators.name, "self.x", ["self.y"]),
        (operators.name, "self.z", []),
    ],
)
def test_a_node_becomes(operator: Any, text: str, becomes: list[str]) -> None:
    assert of_node(operator, text) == becomes


LOOP = "for a in b:\n    f()\n    g()\nh()"


@pytest.mark.parametrize(
    ("operator", "text", "becomes"),
    [
        (operators.removed, "f()\ng()", ["g()", "f()"]),
        (operators.removed, "f()", ["pass"]),
        (operators.swapped, "f()\ng()\nh()", ["g()\nf()\nh()", "f()\nh()\ng()"]),
        (operators.swapped, "def f():\n    pass\ndef g():\n    pass", []),
        (
            operators.indented,
            LOOP,
            [
                "for a in b:\n    f()\ng()\nh()",
                "for a in b:\n    f()\n    g()\n    h()",
            ],
        ),
        (operators.indented, "for a in b:\n    f()", []),
        (operators.unwrapped, "with a:\n    f()\n    g()\nh()", ["f()\ng()\nh()"]),
        (operators.stopped, LOOP, ["for a in b:\n    f()\n    g()\n    break\nh()"]),
    ],
)
def test_a_body_becomes(operator: Any, text: str, becomes: list[str]) -> None:
    assert of_body(operator, text) == becomes


def test_nothing_is_changed_in_place() -> None:
    text = "if -a < b and f(a, k=1):\n    with c:\n        a += 1\n        self.x = 'b'\n    a, b"
    tree = ast.parse(text)
    before = ast.dump(tree)
    for node in ast.walk(tree):
        for operator in NODE_OPERATORS:
            list(operator(node, SCOPE))
        for change in BODY_OPERATORS:
            list(change(getattr(node, "body", [])))
    assert ast.dump(tree) == before
