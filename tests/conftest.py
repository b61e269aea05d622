"""One grader for the whole test run: its worker imports PyTorch once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.grading import Grader
from tests.notebooks import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.report import Report


@pytest.fixture(scope="session")
def grader() -> Iterator[Grader]:
    with Grader(assignment="mlp", seed=20240611, device="cpu") as one:
        yield one


@pytest.fixture
def grade(grader: Grader, tmp_path: Path) -> Callable[[dict[str, Any]], Report]:
    """Grade a notebook given as a dict."""

    def graded(notebook: dict[str, Any]) -> Report:
        return grader.grade(write(notebook, tmp_path))

    return graded
