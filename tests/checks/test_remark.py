"""How facts are written for a reader."""

from __future__ import annotations

import pytest

from grader.checks.remark import together


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_as_a_sentence_has_them(names: list[str], words: str) -> None:
    assert together(names) == words
