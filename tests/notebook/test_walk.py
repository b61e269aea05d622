from __future__ import annotations

import ast
import inspect

import pytest

from grader.notebook import syntax


@pytest.mark.parametrize("source", ["", "x", inspect.getsource(ast), inspect.getsource(syntax)])
def test_it_goes_where_pythons_own_walk_goes_and_in_that_order(source):
    tree = ast.parse(source)
    assert syntax.walk(tree) == list(ast.walk(tree))
