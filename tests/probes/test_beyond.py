"""A function is tried beyond the numbers in its own code, and only where it has such numbers."""

from __future__ import annotations

from typing import Any

import pytest

from grader.probes.evaluation.beyond import _numbers, _sizes


def numbers(*texts: str) -> set[int]:
    program: Any = {"entries": [[text, 0, True] for text in texts]}
    return set(_numbers(program))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n = 28*28", {28, 784}),
        ("def f(most=10_000): return 60 * 1000", {10_000, 60, 1000, 60_000}),
        ("if n > 1e3: n = 1024 // 2 - 1", {1000, 1024, 2, 512, 1, 511}),
        ("x = True, 'text', 0.5, 10**9, 10**4, 2 + n", {10, 9, 4, 10_000, 2}),
        ("x = 5 // 0", {5, 0}),
    ],
)
def test_the_numbers_in_a_program(text: str, expected: set[int]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize("limits", [{300}, {512, 1000}, {10_000}, {60_000}, {301, 4999, 50_000}])
def test_every_limit_is_exceeded(limits: set[int]) -> None:
    sizes = _sizes(limits)
    assert sum(sizes) > max(limits)
    for limit in limits:
        assert len(sizes) > limit or limit > 10_000
        assert max(sizes) > limit or limit >= 4_999
