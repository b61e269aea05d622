"""One of several blanks in a call is found by its place among the arguments."""

from __future__ import annotations

import ast

import pytest

from grader.assignment.model import Blank
from grader.locate.sites import Span
from grader.locate.slots import in_place, in_slot, is_expression

CONV = {
    1: ("self.conv = _.Conv2d(__, _, kernel_size=_)",),
    2: ("self.conv = _.Conv2d(_, __, kernel_size=_)",),
    3: ("self.conv = _.Conv2d(_, _, kernel_size=__)",),
}


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("nn.Conv2d(3, 16, kernel_size=5)", ["3", "16", "5"]),
        ("nn.Conv2d(3, 16)", ["3", "16", ""]),
        ("nn.Conv2d(3)", ["3", "", ""]),
        ("nn.Conv2d()", ["", "", ""]),
        ("nn.Conv2d(kernel_size=5)", ["", "", "5"]),
        ("nn.Conv2d(in_channels=3, out_channels=16, kernel_size=5)", ["3", "16", "5"]),
        ("nn.Conv2d(3, out_channels=16, kernel_size=5, padding=2)", ["3", "16", "5"]),
        ("nn.Conv2d(*sizes, kernel_size=5)", [None] * 3),
        ("nn.Conv2d(**sizes)", [None] * 3),
        ("nn.Linear(3, 16)", [None] * 3),
    ],
)
def test_each_blank_of_a_call(call: str, found: list[str | None]) -> None:
    tree = ast.parse(f"self.conv = {call}")
    matches = [in_slot(patterns, tree) for patterns in CONV.values()]
    got = [
        None if m is None else "" if m.missing else ast.unparse(m.answer or tree) for m in matches
    ]
    assert got == found


def test_the_last_such_call_that_has_it_counts() -> None:
    match = in_slot(("x = f(_, __)",), ast.parse("x = f(1, 2)\nx = f(1, 3)\nx = f(4)"))
    assert match is not None
    assert isinstance(match.answer, ast.Constant)
    assert match.answer.value == 3


def blank(number: int) -> Blank:
    return Blank(number, "p", "t", "expression", CONV[number], "x", "0")


@pytest.mark.parametrize(
    ("call", "aside", "left"),
    [
        ("nn.Conv2d(3, 16, kernel_size=5)", [1], "nn.Conv2d(0, 16, kernel_size=5)"),
        ("nn.Conv2d(3, 16, kernel_size=5)", [2, 3], "nn.Conv2d(3, 0, kernel_size=0)"),
        ("nn.Conv2d(3)", [2, 3], "nn.Conv2d(3, 0, kernel_size=0)"),
        ("nn.Conv2d()", [1, 2, 3], "nn.Conv2d(0, 0, kernel_size=0)"),
        ("nn.Conv2d(*sizes)", [1], None),
    ],
)
def test_one_is_put_aside_and_the_others_stay(
    call: str, aside: list[int], left: str | None
) -> None:
    tree = ast.parse(f"self.conv = {call}")
    text = in_place(tree, Span(1, 0, 1, 40), {blank(n): "0" for n in aside})
    assert text == (None if left is None else f"self.conv = {left}")


@pytest.mark.parametrize(
    ("text", "is_one"), [("0 * a", True), ("x = 0", False), ("pass", False), ("f(", False)]
)
def test_what_is_an_expression(text: str, *, is_one: bool) -> None:
    assert is_expression(text) is is_one
