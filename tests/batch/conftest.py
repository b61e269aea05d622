"""One class that is graded once in a test run, whatever the number of its processes."""

from __future__ import annotations

import json
import shutil
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.batch.grading import Ran, grade
from tests.batch.making import SyntheticClass, make_class

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workers import SharedWorkers

# Run in the class's own folder, so that every path is the same wherever that folder lies.
COMMAND = ("submissions", "-o", "graded", "--roster", "roster.csv")


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
def _graded(
    shared_workers: SharedWorkers, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> GradedClass:
    """Grade a class of a dozen and a half, some of it hostile or broken."""
    made = make_class(18, seed=3, programs=6, hostile=2, broken=3)
    base = tmp_path_factory.getbasetemp()
    # With xdist, the folder around is that of the whole run: the first process grades for all.
    home = (base if worker_id == "master" else base.parent) / "one-class"
    ended = home / "ran.json"
    with FileLock(home.with_suffix(".lock")):
        if not ended.exists():
            made.write(home / "submissions")
            made.write_roster(home / "roster.csv")
            with shared_workers.in_place():
                ran = grade(*COMMAND, home=home)
            ended.write_text(json.dumps(astuple(ran)), encoding="utf-8")
    return GradedClass(made, home, Ran(*json.loads(ended.read_text(encoding="utf-8"))))


@pytest.fixture
def graded(_graded: GradedClass) -> GradedClass:
    """The class that was graded, to look at."""
    return _graded


@pytest.fixture
def own(_graded: GradedClass, tmp_path: Path, workers: SharedWorkers) -> GradedClass:
    """A copy of the graded class, to change and grade again."""
    del workers
    return _graded.copied(tmp_path / "class")
