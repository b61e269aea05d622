"""A newer Python says whether a text is Python where this one cannot read it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from grader.errors import GraderError
from grader.sandbox import newer_python
from grader.sandbox.newer_python import newer_that_reads, require_python

THIS = sys.executable


def test_our_own_is_not_newer() -> None:
    assert newer_that_reads("x = 1", None, THIS) is None


def test_a_newer_one_is_asked(monkeypatch: Any) -> None:
    monkeypatch.setattr(newer_python, "_OURS", (3, 0))
    version = "{}.{}".format(*sys.version_info[:2])
    assert newer_that_reads("x = 1", None, THIS) == version
    assert newer_that_reads("x = 1", (3, 5), THIS) == version
    assert newer_that_reads("x = = 1", None, THIS) is None
    assert newer_that_reads("x = 1", (3, 0), THIS) is None


def test_it_carries_nothing_out(monkeypatch: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(newer_python, "_OURS", (3, 0))
    mark = tmp_path / "mark"
    assert newer_that_reads(f"open({str(mark)!r}, 'w')", None, THIS) is not None
    assert not mark.exists()


@pytest.mark.parametrize("path", ["/nothing/here", "/bin/true", "/"])
def test_what_is_no_python_is_refused(path: str) -> None:
    with pytest.raises(GraderError, match="no Python interpreter"):
        require_python(path)
    assert newer_that_reads("x = 1", None, path) is None
