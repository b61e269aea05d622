"""Answers are compared as code."""

from __future__ import annotations

import ast

import pytest

from grader.locate.answers import answer_tree, same_text


@pytest.mark.parametrize(
    ("one", "other", "kind", "same"),
    [
        ("a,b", "a, b", "expression", True),
        ("a, b  # comment", "(a), b", "expression", True),
        ("a, b", "b, a", "expression", False),
        ("in_features=a", "in_features = a", "expression", True),
        ("optm.step()", "optm . step( )", "statement", True),
        ("optm.step()", "optm.step", "statement", False),
        ("a b", "a   b", "expression", True),
        ("a b", "ab", "expression", False),
    ],
)
def test_the_same_code(one, other, kind, same):
    assert same_text(one, other, kind) is same


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("a == b", "expression", "a == b"),
        ("a, b", "expression", "_(a, b)"),
        ("k=a", "expression", "_(k=a)"),
        ("optm.step()", "statement", "optm.step()"),
        ("x = 1", "statement", "x = 1"),
    ],
)
def test_the_tree_of_an_answer(text, kind, written):
    assert ast.unparse(answer_tree(text, kind)) == written


@pytest.mark.parametrize("text", ["a b", "x = 1; y = 2", "", "a" * 5_001])
def test_what_has_no_tree(text):
    assert answer_tree(text, "statement") is None
