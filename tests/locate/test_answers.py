"""Answers are compared as code."""

from __future__ import annotations

import ast

import pytest

from grader.locate.answers import answer_tree, same_form, same_text


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
        ("x = 1\nreturn x", "  x=1 # one\n\n  return x", "block", True),
        ("x = 1\nreturn x", "return x", "block", False),
        ("if x:\n  y\nz", "if x:\n\ty\nz", "block", True),
        ("if x:\n  y\nz", "if x:\n  y\n  z", "block", False),
        ('    x = """\n1"""\n    y', 'x = """\n1"""\ny', "block", True),
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


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("s = a - b\nreturn s", True),
        ("q = a - b\nreturn q", True),
        ("s = b - a\nreturn s", False),
        ("q = a - b\nreturn s", False),
        ("s = a - b\nreturn", False),
        ("s = a - (", False),
    ],
)
def test_the_same_block_but_for_its_own_names(other, same):
    assert same_form("s = a - b\nreturn s", other, "block") is same
