"""One grader for the whole test run: its worker imports PyTorch once."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from grader.grading.grader import Grader
from tests.notebooks import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.report import Report


@pytest.fixture(scope="session")
def grader_of() -> Iterator[Callable[[str], Grader]]:
    """Return the test run's one grader of each assignment."""
    with ExitStack() as stack:
        made: dict[str, Grader] = {}

        def of(name: str) -> Grader:
            if name not in made:
                one = Grader(assignment=name, seed=20240611, device="cpu")
                made[name] = stack.enter_context(one)
            return made[name]

        yield of


@pytest.fixture(scope="session")
def grader(grader_of: Callable[[str], Grader]) -> Grader:
    return grader_of("mlp")


@pytest.fixture
def grade(grader: Grader, tmp_path: Path) -> Callable[[dict[str, Any]], Report]:
    """Grade a notebook given as a dict."""

    def graded(notebook: dict[str, Any]) -> Report:
        return grader.grade(write(notebook, tmp_path))

    return graded
