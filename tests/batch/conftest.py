"""Workers that all classes of a test run share, and one class that is graded once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from grader.runners import local
from grader.sandbox import Workers
from tests.batch.grading import Ran, grade
from tests.batch.making import SyntheticClass, make_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from grader.sandbox import Answer, Job

# Run in the class's own folder, so that every path is the same wherever that folder lies.
COMMAND = ("submissions", "-o", "graded", "--roster", "roster.csv")


class SharedWorkers:
    """One set of workers for every class: the import of torch costs seconds.

    ``started`` counts who asked for workers, ``ran`` how many programs were run.
    """

    def __init__(self) -> None:
        self.started = self.ran = 0
        self._workers: Workers | None = None

    def __call__(self, entry: str, *, isolation: str) -> SharedWorkers:
        """Stand in for the class ``Workers``."""
        self.started += 1
        if self._workers is None:
            self._workers = Workers(entry, isolation=isolation)
        return self

    def run(self, job: Job) -> dict[str, Answer]:
        assert self._workers is not None
        self.ran += 1
        return self._workers.run(job)

    def ready(self) -> dict[str, Any]:
        assert self._workers is not None
        return self._workers.ready()

    @property
    def applied(self) -> Mapping[str, str]:
        assert self._workers is not None
        return self._workers.applied

    @property
    def unprotected(self) -> tuple[str, ...]:
        assert self._workers is not None
        return self._workers.unprotected

    def close(self) -> None:
        """Stay: the next class needs them."""

    def end(self) -> None:
        if self._workers is not None:
            self._workers.close()


@dataclass(frozen=True)
class GradedClass:
    """A class that was graded once; a test that changes something takes a copy."""

    made: SyntheticClass
    home: Path
    ran: Ran

    @property
    def download(self) -> Path:
        return self.home / "submissions"

    @property
    def out(self) -> Path:
        return self.home / "graded"

    @property
    def roster(self) -> Path:
        return self.home / "roster.csv"

    def again(self, *more: str | Path) -> Ran:
        """Run the same command once more."""
        return grade(*COMMAND, *more, home=self.home)

    def copied(self, home: Path) -> GradedClass:
        """Return the same class in a folder that is a test's own."""
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return GradedClass(self.made, home, self.ran)


@pytest.fixture(scope="session")
def _shared() -> Iterator[SharedWorkers]:
    shared = SharedWorkers()
    yield shared
    shared.end()


@pytest.fixture
def workers(_shared: SharedWorkers, monkeypatch: pytest.MonkeyPatch) -> SharedWorkers:
    """Classes graded in this test run on shared workers, counted from here on."""
    monkeypatch.setattr(local, "Workers", _shared)
    _shared.started = _shared.ran = 0
    return _shared


@pytest.fixture(scope="session")
def _graded(_shared: SharedWorkers, tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Grade a class of a dozen and a half, some of it hostile or broken."""
    home = tmp_path_factory.mktemp("class")
    made = make_class(18, seed=3, programs=6, hostile=2, broken=3)
    made.write(home / "submissions")
    made.write_roster(home / "roster.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "Workers", _shared)
        return GradedClass(made, home, grade(*COMMAND, home=home))


@pytest.fixture
def graded(_graded: GradedClass) -> GradedClass:
    """The class that was graded, to look at."""
    return _graded


@pytest.fixture
def own(_graded: GradedClass, tmp_path: Path, workers: SharedWorkers) -> GradedClass:
    """A copy of the graded class, to change and grade again."""
    del workers
    return _graded.copied(tmp_path / "class")
