"""Text that strangers wrote becomes a tree or a ``SyntaxError``, in several threads too."""

from __future__ import annotations

import gc
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

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
