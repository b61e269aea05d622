"""A sample of pairs leaves no mistake and no two blanks out, whatever its size."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from grader.assignment import Edit, load_assignment
from grader.audit.cases import touched
from grader.audit.pairs import pairs

if TYPE_CHECKING:
    from grader.audit.model import Case

MLP = load_assignment("mlp")


def drawn(count: int, seed: int = 1) -> list[Case]:
    return pairs(MLP, count, random.Random(seed))


@pytest.fixture(scope="module")
def few() -> list[Case]:
    return drawn(1)


def test_every_two_blanks_meet(few: list[Case]) -> None:
    met = {frozenset(mistake.blank for mistake in case.mistakes) for case in few}
    assert {frozenset(two) for two in combinations(range(1, 8), 2)} <= met


def test_every_mistake_is_there(few: list[Case]) -> None:
    there = {id(mistake) for case in few for mistake in case.mistakes}
    assert [m.label for m in MLP.mistakes if id(m) not in there] == []


def test_the_two_are_apart(few: list[Case]) -> None:
    for case in few:
        one, other = case.mistakes
        assert not touched(one) & touched(other)


@pytest.mark.slow
def test_a_larger_sample_has_its_size() -> None:
    assert len(drawn(400)) == 400


def test_none_is_none() -> None:
    assert drawn(0) == []


@pytest.mark.slow
def test_the_seed_decides(few: list[Case]) -> None:
    assert [case.label for case in drawn(1)] == [case.label for case in few]
    assert [case.label for case in drawn(1, seed=2)] != [case.label for case in few]


def test_both_are_in_the_notebook(few: list[Case]) -> None:
    for case in few[:10]:
        source = "\n".join(cell.source for cell in case.notebook.cells)
        for mistake in case.mistakes:
            for edit in mistake.edits:
                assert edit.text.strip().split("\n")[-1] in source


def test_what_cannot_be_combined_is_left_out() -> None:
    gone = replace(
        MLP.mistakes[0], edits=(Edit(text="", part="training", find="M.train()"),), blank=None
    )
    # It looks for what the first one has taken away.
    lost = replace(
        MLP.mistakes[0],
        edits=(Edit(text="", part="training", find="M.train()"), Edit(text="pass", blank=1)),
        blank=1,
    )
    small = replace(MLP, mistakes=(gone, lost))
    assert pairs(small, 10, random.Random(1)) == []
