"""What a killed writer left half written goes with the next run, and only that."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.batch.store import open_store
from grader.classroom.names import ANNOTATED, DATABASE
from grader.errors import GraderError
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import GradedClass, SharedWorkers

KILLED = """
import os, signal, sys
from contextlib import ExitStack
from pathlib import Path
from grader.files import replacing
stack = ExitStack()
for path in sys.argv[1:]:
    stack.enter_context(replacing(Path(path))).write(b"half")
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def killed_while_writing(*targets: Path) -> list[Path]:
    """Have a process killed that has begun to write these files; return what it left."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, targets)], cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode != 0
    folders = dict.fromkeys(target.parent for target in targets)
    left = [path for folder in folders for path in folder.glob(".*")]
    assert len(left) == len(targets)
    return left


@pytest.mark.slow
def test_the_next_run_removes_it(own: GradedClass, workers: SharedWorkers) -> None:
    (own.out / "gradebook").mkdir()
    page = next((own.out / "feedback").glob("*.html"))
    left = killed_while_writing(own.out / "grades.csv", page, own.out / "gradebook" / "book.csv")
    before = {path: path.read_bytes() for path in (own.out / "grades.csv", page)}
    own.again()
    assert [path for path in left if path.exists()] == []
    assert {path: path.read_bytes() for path in before} == before
    assert workers.started == 0


def test_what_a_ta_keeps_there_stays(tmp_path: Path) -> None:
    kept = [tmp_path / name for name in (".notes", ".notes.2024.txt", ".git", "a.12.0123abcd")]
    for path in kept:
        path.touch()
    open_store(tmp_path).close()
    assert [path for path in kept if not path.exists()] == []


def test_a_run_at_work_keeps_what_it_is_writing(tmp_path: Path) -> None:
    with open_store(tmp_path):
        left = killed_while_writing(tmp_path / "grades.csv")
        with pytest.raises(GraderError, match="another run is at work"):
            open_store(tmp_path)
        assert left[0].exists()
    open_store(tmp_path).close()
    assert not left[0].exists()
    assert (tmp_path / DATABASE).exists()


@pytest.mark.parametrize("name", ["feedback", "gradebook", ANNOTATED])
def test_a_file_in_the_place_of_a_folder_is_refused_before_anything_runs(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(GraderError, match=f"{name} is a file"):
        open_store(tmp_path)
    assert not (tmp_path / DATABASE).exists()
