from __future__ import annotations

import ast
import copy
import inspect

import pytest

from grader.notebook import syntax


@pytest.mark.parametrize("source", ["", "x", inspect.getsource(ast), inspect.getsource(syntax)])
def test_it_goes_where_pythons_own_walk_goes_and_in_that_order(source):
    tree = ast.parse(source)
    assert list(syntax.walk(tree)) == list(ast.walk(tree))


def test_what_is_known_of_a_tree_is_not_known_of_its_copy():
    asked = []

    @syntax.memoised
    def names(node):
        asked.append(node)
        return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]

    tree = ast.parse("x").body[0]
    assert names(tree) == names(tree) == ["x"]
    assert asked == [tree]
    copied = copy.deepcopy(tree)
    copied.value.id = "y"
    assert names(copied) == ["y"]
    assert names(tree) == ["x"]
