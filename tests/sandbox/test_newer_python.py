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


@pytest.fixture
def older(monkeypatch: Any) -> None:
    """Let the grader's own Python be one that reads nothing of this."""
    monkeypatch.setattr(newer_python, "_OURS", (3, 0))
    monkeypatch.setattr(newer_python, "_THIS", "/bin/false")


def test_what_this_one_reads_too_is_no_question_of_versions(monkeypatch: Any) -> None:
    monkeypatch.setattr(newer_python, "_OURS", (3, 0))
    assert newer_that_reads("x = 1", None, THIS) is None


@pytest.mark.usefixtures("older")
def test_a_newer_one_is_asked() -> None:
    version = "{}.{}".format(*sys.version_info[:2])
    assert newer_that_reads("x = 1", None, THIS) == version
    assert newer_that_reads("x = 1", (3, 5), THIS) == version
    assert newer_that_reads("x = = 1", None, THIS) is None
    assert newer_that_reads("x = 1", (3, 0), THIS) is None


@pytest.mark.usefixtures("older")
def test_it_carries_nothing_out(tmp_path: Any) -> None:
    mark = tmp_path / "mark"
    assert newer_that_reads(f"open({str(mark)!r}, 'w')", None, THIS) is not None
    assert not mark.exists()


@pytest.mark.parametrize("path", ["/nothing/here", "/bin/true", "/"])
def test_what_is_no_python_is_refused(path: str) -> None:
    with pytest.raises(GraderError, match="no Python interpreter"):
        require_python(path)
    assert newer_that_reads("x = 1", None, path) is None
