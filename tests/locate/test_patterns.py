"""Python with holes."""

from __future__ import annotations

import ast

import pytest

from grader.locate.patterns import find, fits


def matches(pattern: str, source: str) -> list[str]:
    found = []
    for match in find(pattern, ast.parse(source)):
        if match.call is not None:
            found.append(ast.unparse(match.call))
        elif match.answer is not None:
            found.append(ast.unparse(match.answer))
        else:
            found.append(ast.unparse(match.node))
    return found


@pytest.mark.parametrize(
    ("pattern", "source", "found"),
    [
        ("self.lin_1 = _(__)", "self.lin_1 = nn.Linear(a, b)", ["nn.Linear(a, b)"]),
        ("self.lin_1 = _(__)", "self.lin_1: nn.Linear = nn.Linear(a, b)", ["nn.Linear(a, b)"]),
        ("self.lin_1 = _(__)", "self.lin_2 = nn.Linear(a, b)", []),
        ("self.lin_1 = __", "self.lin_1 = other", ["other"]),
        ("n += (__).sum().item()", "n += (a == b).sum().item()", ["a == b"]),
        ("n += (__).sum().item()", "n += torch.sum(a == b).item()", []),
        ("_.step(...)", "a.b.step(closure=c)", ["a.b.step(closure=c)"]),
        ("_.step", "optm.step", ["optm.step"]),
        ("f(1)", "f(1.0)", []),
    ],
)
def test_find(pattern: str, source: str, found: list[str]) -> None:
    assert matches(pattern, source) == found


@pytest.mark.parametrize(
    ("source", "empty"),
    [("f()", True), ("f(x)", False), ("f(k=1)", False), ("f(...)", False)],
)
def test_an_empty_call(source: str, empty: bool) -> None:
    assert next(iter(find("f(__)", ast.parse(source)))).empty is empty


@pytest.mark.parametrize(
    ("source", "empty"), [("x += ()", True), ("x += ...", True), ("x += y", False)]
)
def test_an_empty_expression(source: str, empty: bool) -> None:
    assert next(iter(find("x += __", ast.parse(source)))).empty is empty


def test_fits_this_very_node() -> None:
    call = ast.parse("a.b(c)").body[0].value  # type: ignore[attr-defined]
    assert fits("_.b(...)", call)
    assert not fits("_.c(...)", call)
