"""Text that strangers wrote becomes a tree or a ``SyntaxError``, in several threads too."""

from __future__ import annotations

import ast
import copy
import gc
import inspect
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.notebook import syntax
from grader.notebook.syntax import parse

SOURCE = "\n".join(f"def f{n}(x):\n    return [x + '\\d' for _ in range({n})]" for n in range(150))


@pytest.mark.parametrize("source", ["a\0b", "x = (", "'\ud800'", "(" * 5000, "-" * 100_000 + "1"])
def test_what_is_no_tree_is_a_syntax_error(source: str) -> None:
    with pytest.raises(SyntaxError):
        parse(source)


class Cycle:
    """Garbage whose end runs Python: another thread may go on in the middle of a tree."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        sum(range(50))


def test_several_threads_at_once() -> None:
    """CPython counts the depth of a tree it builds for all threads together."""

    def work(_: int) -> None:
        for _ in range(10):
            for _ in range(20):
                Cycle()
            parse(SOURCE)

    interval, threshold, filters = sys.getswitchinterval(), gc.get_threshold(), warnings.filters[:]
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
    assert warnings.filters == filters


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
