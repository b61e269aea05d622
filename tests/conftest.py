"""One grader and one set of workers for the whole test process: PyTorch is imported once."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from grader.grading.grader import Grader
from grader.runners.local import LocalRunner
from tests.notebooks import write
from tests.workers import SharedWorkers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.report import Report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run more processes than there are cores: a third of the time a test waits for workers."""
    return LocalRunner("auto").threads + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Run a file's tests in one process, so that what they share is made once.

    Of the attacks, which wait for limits most of the time, each setting may have a process. Files
    keep their order: sorted by their number of tests, the longest would come last.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - only there with xdist

    class BySetting(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            setting = re.match(
                r".*/test_attacks\.py::\w+\[(container|old-user|user|bare|old)", nodeid
            )
            return setting[1] if setting else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return BySetting(config, log)


@pytest.fixture(scope="session")
def shared_workers() -> Iterator[SharedWorkers]:
    """Return the test process's workers; only who asks for them is given them."""
    shared = SharedWorkers()
    yield shared
    shared.end()


@pytest.fixture
def workers(shared_workers: SharedWorkers) -> Iterator[SharedWorkers]:
    """Have what a test grades in this process run on the shared workers, counted from here on."""
    shared_workers.started = shared_workers.ran = 0
    with shared_workers.in_place():
        yield shared_workers


@pytest.fixture(scope="session")
def grader_of(shared_workers: SharedWorkers) -> Iterator[Callable[[str], Grader]]:
    """Return the test run's one grader of each assignment."""
    with ExitStack() as stack:
        made: dict[str, Grader] = {}

        def of(name: str) -> Grader:
            if name not in made:
                one = Grader(assignment=name, seed=20240611, device="cpu")
                made[name] = stack.enter_context(one)
                with shared_workers.in_place():
                    one.start()
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
